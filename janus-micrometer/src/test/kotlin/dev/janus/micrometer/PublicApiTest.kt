package dev.janus.micrometer

import dev.janus.fixtures.ApiDump
import org.junit.jupiter.api.Test

class PublicApiTest {
    @Test
    fun publicApi_asBuilt_isTheOneInTheRepository() = ApiDump.assertUnchanged("janus-micrometer")
}
