package dev.holdfast.grid;

import dev.holdfast.grid.dispatch.AgentDispatcher;
import java.time.InstantSource;

/**
 * What a transition uses of the member that it runs on.
 *
 * @param clock the time that events get
 * @param epochs under which this member decides
 */
record MemberServices(
    InstantSource clock, Epochs epochs, AgentDispatcher dispatcher, EngineStats stats) {}
