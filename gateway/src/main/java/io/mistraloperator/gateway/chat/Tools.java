package io.mistraloperator.gateway.chat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * Functions on offer.
 *
 * @param offered objects of the form {@code {type, function: {name, description?, parameters,
 *     strict?}}}; empty when the model may call nothing
 * @param choice what the model may do with them
 * @param parallel whether one answer may hold more than one call
 */
public record Tools(List<ObjectNode> offered, ToolChoice choice, boolean parallel) {
  /** No functions. */
  public static final Tools NONE = new Tools(List.of(), new ToolChoice.Auto(), true);

  /** Takes a copy of the offer. */
  public Tools {
    offered = List.copyOf(offered);
  }

  /** The same functions without {@code strict}, for servers that make nothing of it. */
  public Tools loose() {
    if (offered.stream().noneMatch(tool -> tool.path("function").has("strict"))) {
      return this;
    }
    List<ObjectNode> loose = offered.stream().map(ObjectNode::deepCopy).toList();
    loose.forEach(tool -> tool.withObjectProperty("function").remove("strict"));
    return new Tools(loose, choice, parallel);
  }
}
