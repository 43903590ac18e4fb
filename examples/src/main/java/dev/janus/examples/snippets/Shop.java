package dev.janus.examples.snippets;

import java.io.IOException;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Stubs that supply and process the elements of the snippets. */
final class Shop {
    static final Logger LOG = Logger.getLogger(Shop.class.getName());

    private Shop() {}

    static void ship(Order order) {
        LOG.info("ship " + order);
    }

    static void shipAll(Collection<Order> orders) {
        orders.forEach(Shop::ship);
    }

    static void cancel(Order order) {
        LOG.info("cancel " + order);
    }

    static void keepForLater(Collection<Order> orders) {
        LOG.info("keep " + orders);
    }

    static void log(Object what) {
        LOG.info(String.valueOf(what));
    }

    static void logEnd(Throwable cause) {
        LOG.log(Level.INFO, "the end", cause);
    }

    static Order nextOrder() throws IOException {
        return new Order(1);
    }

    static List<Order> morningMail() {
        return Collections.singletonList(new Order(1));
    }
}
