package dev.janus.examples

/** What one coroutine has counted. Not thread-safe. */
internal class Tally {
    var lines = 0L
        private set
    var bytes = 0L
        private set
    var words = 0L
        private set
    private val frequency = HashMap<String, Long>()

    /** The [n] most frequent words, but no very long ones; the equally frequent in alphabetical order. */
    fun mostFrequent(n: Int): List<Map.Entry<String, Long>> = frequency.entries.sortedWith(MOST_FREQUENT_FIRST).take(n)

    /** Counts a line or a piece of one. Bytes that are not UTF-8 stand between words and count as bytes. */
    fun count(line: ByteArray) {
        bytes += line.size
        lines += line.count { it == NEWLINE }
        countWords(String(line, Charsets.UTF_8))
    }

    operator fun plusAssign(other: Tally) {
        lines += other.lines
        bytes += other.bytes
        words += other.words
        other.frequency.forEach { (word, times) -> frequency.merge(word, times, Long::plus) }
    }

    private fun countWords(text: String) {
        var start = 0
        while (start < text.length) {
            val end = endOfWord(text, start)
            if (end > start) {
                words++
                if (end - start <= LONGEST_KEPT) {
                    frequency.merge(text.substring(start, end).lowercase(), 1L, Long::plus)
                }
            }
            start = if (end < text.length) end + Character.charCount(text.codePointAt(end)) else end
        }
    }

    private fun endOfWord(text: String, start: Int): Int {
        var end = start
        while (end < text.length) {
            val codePoint = text.codePointAt(end)
            if (!Character.isLetterOrDigit(codePoint)) {
                break
            }
            end += Character.charCount(codePoint)
        }
        return end
    }

    private companion object {
        /** In characters: where a file is not text at all, the words must not fill the memory. */
        const val LONGEST_KEPT = 100
        const val NEWLINE = '\n'.code.toByte()

        val MOST_FREQUENT_FIRST =
            compareByDescending<Map.Entry<String, Long>> { (_, times) -> times }.thenBy { (word, _) -> word }
    }
}
