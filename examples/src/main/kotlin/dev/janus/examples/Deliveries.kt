@file:JvmName("Deliveries")

package dev.janus.examples

import picocli.CommandLine.Command
import picocli.CommandLine.Parameters
import kotlin.time.Duration.Companion.milliseconds

/** Delivers parcels. */
suspend fun main(args: Array<String>) = DeliveriesCommand().main(args)

@Command(
    name = "Deliveries",
    description = [
        "Parcels arrive by express and by ordinary mail. One coroutine loads them into a van, express first, until " +
            "no parcel has arrived for a while. Two couriers deliver them. At every third door nobody opens on the " +
            "first attempt, and the parcel returns to the van.",
    ],
    showDefaultValues = true,
)
internal class DeliveriesCommand : Program() {
    @Parameters(
        index = "0",
        arity = "0..1",
        paramLabel = "PARCELS",
        description = ["The number of parcels of each kind."],
        converter = [WholeNumber.NonNegative::class],
    )
    private var parcels = 5

    @Parameters(
        index = "1",
        arity = "0..1",
        paramLabel = "MILLISECONDS",
        description = ["How long to wait for another parcel."],
        converter = [WholeNumber.Positive::class],
    )
    private var millis = 200

    override suspend fun run(): Int {
        DeliveryRound().run(parcels, millis.milliseconds)
        return 0
    }
}
