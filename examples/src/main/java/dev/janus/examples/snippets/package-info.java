/**
 * The code samples of the documentation. Each region from {@code sample: begin} to {@code sample: end} is quoted in the
 * README, the guide, the Javadoc or the KDoc.
 */
package dev.janus.examples.snippets;
