/** Metrics of {@link dev.janus.JanusQueue}, for Micrometer. */
package dev.janus.micrometer;
