package dev.janus.examples

import picocli.CommandLine
import picocli.CommandLine.Option
import picocli.CommandLine.ParameterException
import kotlin.system.exitProcess

/** A program whose body suspends. Picocli sets its annotated properties and prints help and error messages. */
internal abstract class Program {
    @Option(names = ["--help"], usageHelp = true, description = ["Print this help."])
    private var help = false

    /** Does the work and returns the exit status. */
    abstract suspend fun run(): Int

    /** Parses the arguments, and runs the program unless they are wrong or ask for help. Returns the exit status. */
    suspend fun execute(vararg args: String): Int {
        val commandLine = CommandLine(this).setCaseInsensitiveEnumValuesAllowed(true)
        val parsed =
            try {
                commandLine.parseArgs(*args)
            } catch (e: ParameterException) {
                return commandLine.parameterExceptionHandler.handleParseException(e, args)
            }
        return CommandLine.executeHelpRequest(parsed) ?: run()
    }

    /** Executes the program. Exits the process if it failed. */
    suspend fun main(args: Array<String>) {
        val status = execute(*args)
        if (status != 0) {
            exitProcess(status)
        }
    }
}
