package dev.holdfast.core.definition;

import dev.holdfast.core.cel.Suggestion;
import dev.holdfast.core.definition.FieldSet.Located;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Which task needs which: names resolved to indices, needs on switches added, cycles found. */
final class TaskGraph {
  private final List<TaskDraft> tasks;
  private final Map<String, Integer> indices = new LinkedHashMap<>();
  private final List<TreeSet<Integer>> needs = new ArrayList<>();
  private final Problems problems;

  TaskGraph(List<TaskDraft> tasks, Problems problems) {
    this.tasks = tasks;
    this.problems = problems;
    for (TaskDraft task : tasks) {
      indices.put(task.id(), indices.size());
      needs.add(new TreeSet<>());
    }
    for (int i = 0; i < tasks.size(); i++) {
      resolveNeeds(i);
      resolveCases(i);
    }
    reportCycles();
  }

  private void resolveNeeds(int task) {
    for (Located need : tasks.get(task).needs()) {
      Integer needed = resolve(need);
      if (needed != null) {
        needs.get(task).add(needed);
      }
    }
  }

  private void resolveCases(int chooser) {
    for (var choice : tasks.get(chooser).cases()) {
      for (Located then : choice.then()) {
        Integer taken = resolve(then);
        if (taken != null) {
          needs.get(taken).add(chooser);
        }
      }
    }
  }

  private Integer resolve(Located name) {
    Integer index = indices.get(name.text());
    if (index == null) {
      problems.add(
          name.path(),
          name.line(),
          name.column(),
          "no task '" + name.text() + "'" + Suggestion.of(name.text(), indices.keySet()));
    }
    return index;
  }

  Set<String> ids() {
    return indices.keySet();
  }

  List<Integer> needsOf(int task) {
    return List.copyOf(needs.get(task));
  }

  List<Integer> successorsOf(int task) {
    var successors = new ArrayList<Integer>();
    for (int i = 0; i < needs.size(); i++) {
      if (needs.get(i).contains(task)) {
        successors.add(i);
      }
    }
    return List.copyOf(successors);
  }

  List<Integer> indicesOf(List<Located> names) {
    return names.stream().map(name -> indices.get(name.text())).filter(i -> i != null).toList();
  }

  /** Ids of all that the task needs, directly or on the way. */
  Set<String> ancestorsOf(int task) {
    var seen = new BitSet();
    var open = new ArrayDeque<Integer>(needs.get(task));
    while (!open.isEmpty()) {
      int at = open.pop();
      if (!seen.get(at)) {
        seen.set(at);
        open.addAll(needs.get(at));
      }
    }
    return seen.stream().mapToObj(i -> tasks.get(i).id()).collect(Collectors.toUnmodifiableSet());
  }

  /** Each cycle once: found from the first of its tasks, reported where that task is defined. */
  private void reportCycles() {
    var done = new BitSet();
    for (int i = 0; i < tasks.size(); i++) {
      if (!done.get(i)) {
        walk(i, done);
      }
    }
  }

  /** Depth first without recursion: a definition may be a thousand tasks deep. */
  private void walk(int start, BitSet done) {
    var path = new ArrayList<Integer>();
    var rest = new ArrayDeque<ArrayDeque<Integer>>();
    path.add(start);
    rest.push(new ArrayDeque<>(needs.get(start)));
    while (!path.isEmpty()) {
      Integer next = rest.element().poll();
      if (next == null) {
        rest.pop();
        done.set(path.removeLast());
      } else if (path.contains(next)) {
        reportCycle(path.subList(path.indexOf(next), path.size()));
      } else if (!done.get(next)) {
        path.add(next);
        rest.push(new ArrayDeque<>(needs.get(next)));
      }
    }
  }

  private void reportCycle(List<Integer> cycle) {
    int first = cycle.stream().min(Integer::compare).orElseThrow();
    int offset = cycle.indexOf(first);
    var names = new ArrayList<String>();
    for (int i = 0; i <= cycle.size(); i++) {
      names.add(tasks.get(cycle.get((offset + i) % cycle.size())).id());
    }
    String needed = names.get(1);
    TaskDraft task = tasks.get(first);
    String message = "the needs form a cycle: " + String.join(" → ", names);
    task.needs().stream()
        .filter(need -> need.text().equals(needed))
        .findFirst()
        .ifPresentOrElse(
            need -> problems.add(need.path(), need.line(), need.column(), message),
            () -> problems.add(task.path(), task.key().line(), task.key().column(), message));
  }
}
