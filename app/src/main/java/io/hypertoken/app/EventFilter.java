package io.hypertoken.app;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/// Which events a command is about.
final class EventFilter {
    @Option(
            names = {"-t", "--type"},
            paramLabel = "TYPE",
            split = ",",
            description = "Only events of this type; may be repeated.")
    private List<String> types = new ArrayList<>();

    @Option(
            names = {"-a", "--agent"},
            paramLabel = "AGENT",
            description = "Only events about this agent; may be repeated.")
    private List<String> agents = new ArrayList<>();

    @Option(
            names = {"-i", "--item"},
            paramLabel = "ITEM",
            description = "Only events about this item, by name or number; may be repeated.")
    private List<String> items = new ArrayList<>();

    /// As a message names it.
    Map<String, Object> subscriptions() {
        var named = new LinkedHashMap<String, Object>();
        named.put("types", types);
        named.put("agents", agents);
        named.put("items", items);
        return named;
    }

    /// As an address names it, each with an ampersand before it.
    String query() {
        return HubAddress.query("type", types) + HubAddress.query("agent", agents) + HubAddress.query("item", items);
    }
}
