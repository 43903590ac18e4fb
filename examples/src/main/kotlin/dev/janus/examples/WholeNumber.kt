package dev.janus.examples

import picocli.CommandLine.ITypeConverter
import picocli.CommandLine.TypeConversionException

/** Converts an argument to a whole number, and refuses numbers below [least]. */
internal sealed class WholeNumber(private val least: Int) : ITypeConverter<Int> {
    class NonNegative : WholeNumber(0)

    class Positive : WholeNumber(1)

    override fun convert(value: String): Int = value.toIntOrNull()?.takeIf { it >= least }
        ?: throw TypeConversionException("'$value' is not a whole number from $least to ${Int.MAX_VALUE}")
}
