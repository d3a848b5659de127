/**
 * Everything at random, for long: workers play with a zoo of targets, and after each operation look
 * whether it kept the contract. {@link org.libproc4j.scenarios.Scenario22SoakIT} runs it.
 */
@NullMarked
package org.libproc4j.soak;

import org.jspecify.annotations.NullMarked;
