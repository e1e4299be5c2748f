package dev.holdfast.grid.summary;

import com.hazelcast.config.Config;
import com.hazelcast.config.EvictionConfig;
import com.hazelcast.config.EvictionPolicy;
import com.hazelcast.config.InMemoryFormat;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MaxSizePolicy;
import com.hazelcast.core.HazelcastInstance;

/**
 * The map of rows and the SQL table over it. A row has the key of its execution, so that it is in
 * the same partition, written by the member that owns both.
 */
public final class SummaryTable {
  /** The map. */
  static final String MAP = "summaries";

  /** The SQL table. */
  static final String TABLE = "executions";

  /** Rows that a member keeps; beyond that those go which were changed longest ago. */
  static final int ROWS_MAX = 100_000;

  /** Where Hazelcast keeps its tables. */
  private static final String CATALOGUE = "__sql.catalog";

  private static final String MAPPING =
      """
      CREATE OR REPLACE MAPPING %s EXTERNAL NAME %s (
        __key VARCHAR,
        tenant VARCHAR, id VARCHAR, definition VARCHAR, version INT, status VARCHAR,
        tasks INT, tasksCompleted INT, tasksRunning INT, tasksAwaitingApproval INT, tasksFailed INT,
        startedAt TIMESTAMP WITH TIME ZONE, updatedAt TIMESTAMP WITH TIME ZONE,
        endedAt TIMESTAMP WITH TIME ZONE, error VARCHAR)
      TYPE IMap OPTIONS (
        'keyFormat' = 'varchar', 'valueFormat' = 'compact', 'valueCompactTypeName' = '%s')
      """
          .formatted(TABLE, MAP, SummarySerializer.TYPE_NAME);

  private SummaryTable() {}

  /** Adds the map, its rows' form and the SQL engine to a member's configuration. */
  public static void configure(Config config) {
    config.getJetConfig().setEnabled(true).setCooperativeThreadCount(1);
    config
        .getSerializationConfig()
        .getCompactSerializationConfig()
        .addSerializer(new SummarySerializer());
    config.addMapConfig(
        new MapConfig(MAP)
            .setInMemoryFormat(InMemoryFormat.BINARY)
            // Lost rows are written again by who takes the partition over.
            .setBackupCount(0)
            .setPerEntryStatsEnabled(false)
            .setEvictionConfig(
                new EvictionConfig()
                    .setMaxSizePolicy(MaxSizePolicy.PER_NODE)
                    .setSize(ROWS_MAX)
                    .setEvictionPolicy(EvictionPolicy.LRU)));
  }

  /**
   * Creates the SQL table unless the cluster has it. Asks the catalogue's map first, since any
   * statement loads the SQL planner: more than a second of CPU, and memory for good.
   *
   * @throws com.hazelcast.core.HazelcastException when it could not; the next try may
   */
  static void create(HazelcastInstance hazelcast) {
    if (!hazelcast.getMap(CATALOGUE).containsKey(TABLE)) {
      hazelcast.getSql().executeUpdate(MAPPING);
    }
  }
}
