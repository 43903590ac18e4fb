/** Metrics of Janus queues, for Micrometer. */
module dev.janus.micrometer {
    requires transitive dev.janus;
    requires transitive micrometer.core;

    exports dev.janus.micrometer;
}
