package dev.janus.benchmarks

import com.fasterxml.jackson.databind.ObjectMapper
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path
import kotlin.io.path.listDirectoryEntries
import kotlin.io.path.name
import kotlin.io.path.readText

class ReportTest {
    private val run = ReportTest::class.java.getResourceAsStream("results.json").use {
        Run(ObjectMapper().readTree(it))
    }

    @Test
    fun toMarkdown_someResults_hasATableForEachBenchmark() {
        val expected = """
            ## Java 17.0.1, Some VM

            ### thread → coroutine

            | p:c | capacity | Janus | Channel, trySendBlocking | ArrayBlockingQueue, runInterruptible(IO) |
            | --- | --- | --: | --: | --: |
            | 1:1 | 64 | 8.3 | 1,235 |  |
            | 1:1 | unbounded | 50 |  | 20,000 |

            ### Round trip from a thread, in µs

            | echo | queue | p50 | p99 | p99.9 |
            | --- | --- | --: | --: | --: |
            | coroutine | Janus | 12 | 40 | 200 |

            ### put and take by one thread

            | queue | ns | bytes |
            | --- | --: | --: |
            | Janus | 39 | 0.0 |

            ### select

            | select | queues | Janus | Channel |
            | --- | --- | --: | --: |
            | finds | 2 | 300 |  |
            | falls through | 2 |  | 250 |
        """.trimIndent()
        assertEquals(expected, run.toMarkdown())
    }

    @Test
    fun write_someResults_drawsAChartForEachDirectionAndOneForTheReadme(@TempDir folder: Path) {
        Charts(run, folder).write()
        val files = folder.listDirectoryEntries().associateBy { it.name }
        assertEquals(setOf("speed.svg", "thread-coroutine.svg"), files.keys)
        assertTrue("<svg" in files.getValue("speed.svg").readText())
    }
}
