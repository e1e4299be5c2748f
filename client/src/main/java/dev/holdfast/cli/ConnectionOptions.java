package dev.holdfast.cli;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.cli.http.ApiClient;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which node a command talks to, and as whom. */
public final class ConnectionOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--server",
      paramLabel = "URL",
      defaultValue = "${env:HOLDFAST_SERVER:-http://127.0.0.1:8080}",
      description = "The node. Default: $HOLDFAST_SERVER, else http://127.0.0.1:8080.")
  private String server = "";

  @Option(
      names = "--tenant",
      paramLabel = "NAME",
      defaultValue = "${env:HOLDFAST_TENANT:-" + ExecutionKey.DEFAULT_TENANT + "}",
      description = "Whose workflows. Default: $HOLDFAST_TENANT, else default.")
  private String tenant = "";

  @Option(
      names = "--actor",
      paramLabel = "NAME",
      defaultValue = "${sys:user.name}",
      description = "Who is named in the history. Default: the login name.")
  private String actor = "";

  @Option(
      names = "--role",
      paramLabel = "NAME",
      description = "A role that you have, where the node has no login; may be repeated.")
  private List<String> roles = new ArrayList<>();

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  public boolean json() {
    return json;
  }

  /** Made anew for each call of a command; to be closed. */
  public ApiClient connect() {
    URI address;
    try {
      address = URI.create(server);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--server is not a URL: " + server, e);
    }
    if (address.getHost() == null
        || !("http".equals(address.getScheme()) || "https".equals(address.getScheme()))) {
      throw new ParameterException(
          spec.commandLine(), "--server must be http://HOST:PORT or https://HOST:PORT: " + server);
    }
    return new ApiClient(address, tenant, actor, roles);
  }
}
