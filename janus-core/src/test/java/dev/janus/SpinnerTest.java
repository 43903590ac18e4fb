package dev.janus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SpinnerTest {
    private static final long A_SECOND = 1_000_000_000;

    /** Counts how often a spinning thread looks at it, and is woken at a given look. */
    private static final class Watched extends Parker {
        private final int wokenAt;
        int looks;

        Watched(int wokenAt) {
            this.wokenAt = wokenAt;
        }

        @Override
        boolean isWoken() {
            return ++looks >= wokenAt;
        }
    }

    @Test
    void spin_disabled_doesNotLook() {
        assertEquals(0, looksInVain(new Spinner(false)));
    }

    @Test
    void spin_noTimeLeft_doesNotLook() {
        Watched parker = new Watched(Integer.MAX_VALUE);
        new Spinner(true).spin(parker, 0);
        assertEquals(0, parker.looks);
    }

    @Test
    void spin_woken_stops() {
        assumeTrue(Processors.areSeveral());
        Watched parker = new Watched(3);
        new Spinner(true).spin(parker, A_SECOND);
        assertEquals(3, parker.looks);
    }

    @Test
    void spin_inVain_endsSoonAndGetsShorter() {
        assumeTrue(Processors.areSeveral());
        Spinner spinner = new Spinner(true);
        int[] looks = IntStream.range(0, 320).map(i -> looksInVain(spinner)).toArray();
        // The last one of each 32 tries the full time again.
        int late = IntStream.range(200, 320).filter(i -> looks[i] <= 20).toArray().length;
        assertTrue(late > 100, "of the last 120 spins, " + late + " took one round");
    }

    private static int looksInVain(Spinner spinner) {
        Watched parker = new Watched(Integer.MAX_VALUE);
        spinner.spin(parker, A_SECOND);
        return parker.looks;
    }
}
