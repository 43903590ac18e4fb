/** Measures the queue beside its peers. */
package dev.janus.benchmarks;
