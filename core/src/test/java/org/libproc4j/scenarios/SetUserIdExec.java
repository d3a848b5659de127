package org.libproc4j.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.libproc4j.Errno;
import org.libproc4j.LwpHandle;
import org.libproc4j.ProcessHandle;
import org.libproc4j.ProcessState;
import org.libproc4j.Tracer;
import org.libproc4j.Way;
import org.libproc4j.testing.Target;

/** Follows a target into a set-user-id program; also in a JVM of its own, without privilege. */
final class SetUserIdExec {
  private static final int GENERATION = 7;

  private SetUserIdExec() {}

  /**
   * Lets a target execute that program under control.
   *
   * @param uid its effective user id afterwards
   */
  static void follow(String program, int uid, String by, Way way) throws Exception {
    try (Target target = Target.start("execer", "4")) {
      try (Tracer tracer = way.open();
          ProcessHandle process = tracer.grab(target.pid());
          LwpHandle sibling = process.lwp(target.tid(1))) {
        assertThat(process.setRun()).isEqualTo(Errno.OK);
        int mark = target.mark();
        target.tell(by + " " + program + " 4 " + GENERATION);
        Listening.during(process, () -> target.awaitLine(mark, "ready"));
        assertThat(target.generation()).isEqualTo(GENERATION);
        assertThat(target.effectiveUid()).as("its effective user").isEqualTo(uid);
        assertThat(process.stop()).isEqualTo(Errno.OK);
        assertThat(process.state()).isEqualTo(ProcessState.STOP);
        assertThat(process.lwpIds()).hasSize(4).hasSameElementsAs(target.tids());
        assertThat(sibling.state()).isEqualTo(ProcessState.UNDEAD);
        target.assertStill();
      }
      assertThat(target.effectiveUid()).isEqualTo(uid);
      target.assertClean();
    }
  }

  /** In every way: PROGRAM UID. */
  public static void main(String[] arguments) throws Exception {
    int uid = Integer.parseInt(arguments[1]);
    for (String by : List.of("leader", "other")) {
      for (Way way : Way.values()) {
        follow(arguments[0], uid, by, way);
      }
    }
    System.out.println("followed");
  }
}
