package org.libproc4j;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * One thread of a process, as it was when it was asked for.
 *
 * @param id the thread id (tid)
 * @param state {@link ProcessState#RUN} or {@link ProcessState#STOP}; {@link ProcessState#UNDEAD}
 *     for one that has exited
 * @param reason why it is stopped; empty while it runs
 * @param what the signal, system call number or event message that belongs to the reason; empty
 *     where there is none
 * @param currentSignal the signal that it receives when it is set running; empty for none
 * @param instructionPointer its program counter; empty while it runs
 * @param stackPointer its stack pointer; empty while it runs
 * @param trace what it will notice of its stop; empty while it runs, and without control
 */
public record LwpStatus(
    int id,
    ProcessState state,
    Optional<StopReason> reason,
    OptionalInt what,
    OptionalInt currentSignal,
    OptionalLong instructionPointer,
    OptionalLong stackPointer,
    Optional<StopTrace> trace) {}
