package org.libproc4j.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What was measured, as tables for people and as JSON for programs. */
record Report(Map<String, String> circumstances, List<Table> tables) {

  String markdown() {
    return circumstances.entrySet().stream()
            .map(e -> "- " + e.getKey() + ": " + e.getValue() + "\n")
            .collect(Collectors.joining())
        + tables.stream().map(Table::markdown).collect(Collectors.joining());
  }

  String json() {
    List<String> members = new ArrayList<>();
    circumstances.forEach(
        (name, value) -> members.add(Table.quoted(name) + ": " + Table.quoted(value)));
    tables.forEach(table -> members.add(table.json()));
    return members.stream().collect(Collectors.joining(",\n  ", "{\n  ", "\n}\n"));
  }
}
