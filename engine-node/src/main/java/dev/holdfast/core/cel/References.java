package dev.holdfast.core.cel;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelExpr;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Walks a parsed expression: collects the paths that it reads, and checks that the tasks and
 * variables among them exist and can be known where it stands.
 */
final class References {
  private static final Set<String> ROOTS =
      Set.of("input", "vars", "tasks", "setup", "execution", "output", "item", "index", "signal");

  private final CelAbstractSyntaxTree tree;
  private final ExpressionScope scope;
  private final Set<List<String>> paths = new LinkedHashSet<>();
  private final List<ExpressionProblem> problems = new ArrayList<>();
  private final Deque<String> bound = new ArrayDeque<>();

  private References(CelAbstractSyntaxTree tree, ExpressionScope scope) {
    this.tree = tree;
    this.scope = scope;
  }

  static References of(CelAbstractSyntaxTree tree, ExpressionScope scope) {
    var references = new References(tree, scope);
    references.visit(tree.getExpr());
    return references;
  }

  /** Such as {@code [vars, pages]}, in the order of their first use. */
  List<List<String>> paths() {
    return List.copyOf(paths);
  }

  List<ExpressionProblem> problems() {
    return problems;
  }

  private void visit(CelExpr expr) {
    switch (expr.getKind()) {
      case IDENT, SELECT -> chain(expr);
      case CALL -> {
        expr.call().target().ifPresent(this::visit);
        expr.call().args().forEach(this::visit);
      }
      case LIST -> expr.list().elements().forEach(this::visit);
      case MAP ->
          expr.map()
              .entries()
              .forEach(entry -> {
                visit(entry.key());
                visit(entry.value());
              });
      case STRUCT -> expr.struct().entries().forEach(entry -> visit(entry.value()));
      case COMPREHENSION -> comprehension(expr.comprehension());
      case CONSTANT, NOT_SET -> {
        // Nothing below them.
      }
    }
  }

  private void comprehension(CelExpr.CelComprehension loop) {
    visit(loop.iterRange());
    visit(loop.accuInit());
    bound.push(loop.accuVar());
    bound.push(loop.iterVar());
    bound.push(loop.iterVar2());
    visit(loop.loopCondition());
    visit(loop.loopStep());
    bound.pop();
    bound.pop();
    visit(loop.result());
    bound.pop();
  }

  private void chain(CelExpr expr) {
    var path = new ArrayDeque<String>();
    CelExpr at = expr;
    while (at.getKind() == CelExpr.ExprKind.Kind.SELECT) {
      path.addFirst(at.select().field());
      at = at.select().operand();
    }
    if (at.getKind() != CelExpr.ExprKind.Kind.IDENT) {
      visit(at);
      return;
    }
    String root = at.ident().name();
    if (root.startsWith(".")) {
      root = root.substring(1);
    } else if (bound.contains(root)) {
      return;
    }
    path.addFirst(root);
    if (check(at, List.copyOf(path)) && ROOTS.contains(root)) {
      paths.add(List.copyOf(path));
    }
  }

  private boolean check(CelExpr at, List<String> path) {
    return switch (path.getFirst()) {
      case "tasks" -> checkTask(at, path);
      case "vars" -> checkVariable(at, path);
      case "execution" ->
          path.size() > 1
              || problem(
                  at,
                  "'execution' is not a value: take one of its fields id, definition, tenant,"
                      + " startedAt, scheduledAt");
      case "setup" -> checkSetup(at, path);
      case "output" ->
          scope.hasOutput()
              || problem(
                  at,
                  "'output' is known only in 'set' and 'compensate'; for a task's output write"
                      + " tasks.<id>.output");
      case "item", "index" ->
          scope.hasItem()
              || problem(at, "'item' and 'index' are known only in the 'input' of a 'forEach'");
      case "signal" ->
          scope.hasSignal() || problem(at, "'signal' is known only in 'input' beside 'waitFor'");
      default -> true;
    };
  }

  private boolean checkTask(CelExpr at, List<String> path) {
    if (path.size() < 3) {
      return problem(
          at,
          "a task is not a value: write tasks.<id>.output, tasks.<id>.status, tasks.<id>.error or"
              + " tasks.<id>.spawned");
    }
    String id = path.get(1);
    if (!scope.tasks().contains(id)) {
      return problem(at, "no task '" + id + "'" + Suggestion.of(id, scope.tasks()));
    }
    if (!scope.ancestors().contains(id)) {
      return problem(
          at,
          "task '" + id + "' need not have ended by then: add it to 'needs', here or on the way");
    }
    return true;
  }

  private boolean checkSetup(CelExpr at, List<String> path) {
    if (!scope.hasSetup()) {
      return problem(
          at, "'setup' is known only in a definition with a 'setup', and not in its own input");
    }
    return path.size() > 1 || problem(at, "'setup' is not a value: write setup.output");
  }

  private boolean checkVariable(CelExpr at, List<String> path) {
    if (path.size() > 1 && !scope.variables().contains(path.get(1))) {
      return problem(
          at,
          "no variable '"
              + path.get(1)
              + "' in 'variables' or any 'set'"
              + Suggestion.of(path.get(1), scope.variables()));
    }
    return true;
  }

  private boolean problem(CelExpr at, String message) {
    int offset = tree.getSource().getPositionsMap().getOrDefault(at.id(), 0);
    problems.add(new ExpressionProblem(offset, message));
    return false;
  }

  static String text(List<String> path) {
    return path.stream().collect(Collectors.joining("."));
  }
}
