/**
 * Everything at random, for long: workers play with a zoo of targets, and after each operation look
 * whether it kept the contract. {@code Scenario22AtRandomIT} runs it.
 */
@NullMarked
package org.libproc4j.soak;

import org.jspecify.annotations.NullMarked;
