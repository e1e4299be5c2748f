package dev.holdfast.grid;

import dev.holdfast.core.Plan;
import dev.holdfast.journal.PlanResolver;
import dev.holdfast.journal.StoredDefinition;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The registered definitions of all tenants, compiled. */
public interface Definitions extends PlanResolver {
  /**
   * Checks and keeps a definition. Durable on return. The same content gives the version it had.
   *
   * @param mediaType {@code application/yaml} or {@code application/json}
   * @throws InvalidDefinitionException with every error found
   */
  Registration register(String tenant, String name, String mediaType, String source);

  /** Every error of a definition that is not to be kept; empty when it is good. */
  List<DefinitionError> validate(String mediaType, String source);

  /** A version, the newest for null. */
  Optional<StoredDefinition> find(String tenant, String name, @Nullable Integer version);

  /** The newest version of each name. */
  List<StoredDefinition> list(String tenant);

  /** A version compiled, the newest for null. */
  Optional<Plan> plan(String tenant, String name, @Nullable Integer version);

  record Registration(StoredDefinition definition, boolean created) {}

  /**
   * @param path such as {@code tasks.extract.retry.factor}
   * @param line from 1; 0: none
   * @param column from 1; 0: none
   */
  record DefinitionError(String path, int line, int column, String message) {}
}
