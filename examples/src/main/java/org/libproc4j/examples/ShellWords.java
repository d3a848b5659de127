package org.libproc4j.examples;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.libproc4j.procfs.ByteString;

/** Words as a shell reads them back, whatever bytes they are. */
final class ShellWords {
  /** With an equals sign, a first word would be an assignment. */
  private static final Pattern PLAIN =
      Pattern.compile("[A-Za-z0-9_@%+:,./-]+|-[A-Za-z0-9_@%+=:,./-]*");

  private ShellWords() {}

  static String of(List<ByteString> words) {
    return words.stream().map(ShellWords::of).collect(Collectors.joining(" "));
  }

  private static String of(ByteString word) {
    String shown = word.toString();
    if (PLAIN.matcher(shown).matches()) {
      return shown;
    }
    // An escape begins with a backslash, and so does what stands for a backslash.
    return shown.contains("\\")
        ? "$'" + shown.replace("'", "\\'") + "'"
        : "'" + shown.replace("'", "'\\''") + "'";
  }
}
