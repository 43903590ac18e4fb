package dev.janus.examples

import java.util.regex.Pattern

/** The counts of one coroutine. Not thread-safe. */
internal class Tally {
    var lines = 0L
        private set
    var bytes = 0L
        private set
    var words = 0L
        private set
    private val frequency = HashMap<String, Long>()

    /** Returns the [n] most frequent words, except very long ones. Equally frequent words are in alphabetical order. */
    fun mostFrequent(n: Int): List<Map.Entry<String, Long>> = frequency.entries.sortedWith(MOST_FREQUENT_FIRST).take(n)

    /** Counts a line or a part of one. Bytes that are not UTF-8 separate words. */
    fun count(line: ByteArray) {
        bytes += line.size
        lines += line.count { it == NEWLINE }
        val word = WORD.matcher(String(line, Charsets.UTF_8))
        while (word.find()) {
            words++
            if (word.end() - word.start() <= LONGEST_KEPT) {
                frequency.merge(word.group().lowercase(), 1L, Long::plus)
            }
        }
    }

    operator fun plusAssign(other: Tally) {
        lines += other.lines
        bytes += other.bytes
        words += other.words
        other.frequency.forEach { (word, times) -> frequency.merge(word, times, Long::plus) }
    }

    private companion object {
        /** In characters. Keeps files that are not text from filling the memory. */
        const val LONGEST_KEPT = 100
        const val NEWLINE = '\n'.code.toByte()

        /** Letters and digits. */
        val WORD: Pattern = Pattern.compile("""[\p{L}\p{Nd}]+""")
        val MOST_FREQUENT_FIRST =
            compareByDescending<Map.Entry<String, Long>> { (_, times) -> times }.thenBy { (word, _) -> word }
    }
}
