package dev.janus;

import dev.janus.fixtures.ApiDump;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class PublicApiTest {
    @Test
    void publicApi_asBuilt_isTheOneInTheRepository() throws IOException {
        ApiDump.assertUnchanged("janus-core");
    }
}
