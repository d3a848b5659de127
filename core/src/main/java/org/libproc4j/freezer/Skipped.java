package org.libproc4j.freezer;

import org.libproc4j.procfs.Comm;

/**
 * A process that was not to be frozen.
 *
 * @param pid its id
 * @param comm its name
 * @param reason why not, in words
 */
public record Skipped(int pid, Comm comm, String reason) {}
