package org.libproc4j;

import java.util.Set;

/**
 * A process, as it was when it was asked for.
 *
 * @param pid the process id
 * @param state its state
 * @param flags the modes that are set
 * @param lwpCount how many threads it has
 * @param representative the thread that speaks for the process: a running one if there is one, else
 *     one that is stopped on an event, else any
 */
public record ProcessStatus(
    int pid, ProcessState state, Set<ProcessFlag> flags, int lwpCount, LwpStatus representative) {}
