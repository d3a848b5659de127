package org.libproc4j.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Thread ids as an operand names them: {@code n}, {@code n-m}, {@code -n}, {@code n-}, by commas.
 */
record LwpSet(List<Range> ranges) {
  private static final Pattern RANGE = Pattern.compile("(\\d+)|(\\d*)-(\\d*)");

  /** The ids from {@code first} to {@code last}, both included. */
  record Range(String text, long first, long last) {
    boolean contains(int tid) {
      return first <= tid && tid <= last;
    }
  }

  static LwpSet parse(String text) throws OperandException {
    List<Range> ranges = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      Matcher matcher = RANGE.matcher(part);
      if (!matcher.matches() || part.equals("-")) {
        throw new OperandException(Operand.FORM);
      }
      boolean single = matcher.group(1) != null;
      long first = number(single ? matcher.group(1) : matcher.group(2), 0);
      long last = number(single ? matcher.group(1) : matcher.group(3), Long.MAX_VALUE);
      if (first > last) {
        throw new OperandException("the range " + part + " ends before it begins");
      }
      ranges.add(new Range(part, first, last));
    }
    return new LwpSet(List.copyOf(ranges));
  }

  private static long number(String digits, long otherwise) {
    if (digits.isEmpty()) {
      return otherwise;
    }
    // Longer ones are beyond every thread id, and beyond a long.
    return digits.length() > 18 ? Long.MAX_VALUE : Long.parseLong(digits);
  }

  /** Those of a process's threads that are named here; each part of the set must name one. */
  List<Integer> select(int pid, List<Integer> tids) throws OperandException {
    SortedSet<Integer> selected = new TreeSet<>();
    for (Range range : ranges) {
      List<Integer> found = tids.stream().filter(range::contains).toList();
      if (found.isEmpty()) {
        throw new OperandException("process " + pid + " has no thread " + range.text());
      }
      selected.addAll(found);
    }
    return List.copyOf(selected);
  }
}
