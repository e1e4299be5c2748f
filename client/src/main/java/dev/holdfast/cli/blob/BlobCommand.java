package dev.holdfast.cli.blob;

import picocli.CommandLine.Command;

/** {@code blob}. */
@Command(
    name = "blob",
    description = "Keep data that workflows refer to, and get it.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    subcommands = {PutBlobCommand.class, GetBlobCommand.class})
public final class BlobCommand {}
