package org.libproc4j.examples;

import java.util.List;

/**
 * How far the counters went while they were watched.
 *
 * @param asExpected whether those moved, and only those, that should
 * @param by how far each went
 */
record Movement(boolean asExpected, List<Long> by) {}
