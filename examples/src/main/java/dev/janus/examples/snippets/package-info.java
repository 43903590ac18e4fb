/**
 * The code samples of the documentation: what stands between {@code sample: begin} and {@code sample: end} is the text of a
 * sample in the README, the guide, the Javadoc or the KDoc.
 */
package dev.janus.examples.snippets;
