package dev.holdfast.client.wire;

import dev.holdfast.api.SpawnedTask;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;

/** Tasks that results add, field by field. */
final class SpawnPieces {
  private SpawnPieces() {}

  static void write(JsonGenerator out, List<SpawnedTask> tasks) {
    out.writeNumber(tasks.size());
    for (SpawnedTask task : tasks) {
      out.writeString(task.id());
      out.writeString(task.agent());
      CborValues.write(out, task.input());
      out.writeNumber(task.needs().size());
      task.needs().forEach(out::writeString);
    }
  }

  static List<SpawnedTask> read(JsonParser in) {
    int count = WirePieces.count(in);
    var tasks = new ArrayList<SpawnedTask>(count);
    for (int i = 0; i < count; i++) {
      String id = WirePieces.string(in);
      String agent = WirePieces.string(in);
      Object input = CborValues.readNext(in);
      int needCount = WirePieces.count(in);
      var needs = new ArrayList<String>(needCount);
      for (int n = 0; n < needCount; n++) {
        needs.add(WirePieces.string(in));
      }
      tasks.add(new SpawnedTask(id, agent, input, needs));
    }
    return tasks;
  }
}
