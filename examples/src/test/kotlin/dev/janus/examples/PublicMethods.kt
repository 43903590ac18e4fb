package dev.janus.examples

import dev.janus.QueueStats
import dev.janus.SyncQueue
import java.lang.reflect.Method
import java.lang.reflect.Modifier
import java.nio.file.Path
import java.util.concurrent.BlockingQueue
import kotlin.coroutines.Continuation
import kotlin.io.path.nameWithoutExtension
import kotlin.io.path.readText

/** Finds the public methods of janus-core that no sample in their Javadoc calls. */
internal object PublicMethods {
    private val DECLARATION =
        Regex("""/\*\*((?:(?!\*/).)*)\*/\s*(?:@[^\n]*\n\s*)*([^;{]*)""", RegexOption.DOT_MATCHES_ALL)
    private val NOT_FOR_CALLERS = setOf("package-info", "JanusBlockHoundIntegration")
    private val NOT_CALLED = setOf("toString", "createCopy") // by users
    private val TYPE = Regex("""\b(?:class|interface|enum) (\w+)""")
    private val METHOD = Regex("""(\w+)\s*\(""")

    fun typesOfCore(): List<Class<*>> = Samples
        .sources(Samples.JAVADOC)
        .filter { it.nameWithoutExtension !in NOT_FOR_CALLERS }
        .map { Class.forName("dev.janus.${it.nameWithoutExtension}") }
        .flatMap { listOf(it) + it.declaredClasses }
        .filter { Modifier.isPublic(it.modifiers) }

    /** Returns the methods of the [type] without a sample, or the type itself if it has no sample. */
    fun withoutSample(type: Class<*>): List<String> {
        val samples = samplesOf(type)
        if (samples.none { it.member == null }) {
            return listOf(type.name)
        }
        if (type == QueueStats::class.java) {
            return emptyList() // it has only counts
        }
        return type.declaredMethods
            .filter { Modifier.isPublic(it.modifiers) && !it.isSynthetic && it.name !in NOT_CALLED }
            .filterNot { it.isOfBlockingQueue() }
            .filter { method -> samples.none { (it.member ?: method.name) == method.name && it.calls(method) } }
            .map { it.toGenericString() }
    }

    private fun OwnedSample.calls(method: Method): Boolean {
        val arguments = method.parameterTypes.filterNot { it == Continuation::class.java }.size
        return SampleCode(code).calls(method.name, arguments)
    }

    private fun Method.isOfBlockingQueue() = SyncQueue::class.java.isAssignableFrom(declaringClass) &&
        BlockingQueue::class.java.methods.any { it.name == name && it.parameterTypes.contentEquals(parameterTypes) }

    /** A sample in the Javadoc of a type, or of its method named [member]. */
    private class OwnedSample(val member: String?, val code: String)

    private fun samplesOf(type: Class<*>): List<OwnedSample> {
        val file = Samples.JAVADOC.resolve((type.declaringClass ?: type).name.replace('.', '/') + ".java")
        var owner: String? = null
        return DECLARATION.findAll(file.readText()).toList().flatMap { match ->
            val (comment, declaration) = match.destructured
            val newOwner = TYPE.find(declaration.substringBefore('('))?.groupValues?.get(1)
            owner = newOwner ?: owner
            val member = if (newOwner == null) METHOD.find(declaration)?.groupValues?.get(1) else null
            if (owner == type.simpleName) owned(comment, member, file) else emptyList()
        }
    }

    private fun owned(comment: String, member: String?, file: Path): List<OwnedSample> =
        Samples.ofTheComment(comment, file).map { OwnedSample(member, it.code) }
}
