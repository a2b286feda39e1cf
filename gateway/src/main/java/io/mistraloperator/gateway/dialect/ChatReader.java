package io.mistraloperator.gateway.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mistraloperator.gateway.chat.AnswerFormat;
import io.mistraloperator.gateway.chat.ChatRequest;
import io.mistraloperator.gateway.chat.Message;
import io.mistraloperator.gateway.chat.ModelFacts;
import io.mistraloperator.gateway.chat.Refusal;
import io.mistraloperator.gateway.chat.Sampling;
import io.mistraloperator.gateway.chat.ToolChoice;
import io.mistraloperator.gateway.chat.Tools;
import io.mistraloperator.gateway.dialect.rule.Extras;
import io.mistraloperator.gateway.dialect.rule.Formats;
import io.mistraloperator.gateway.dialect.rule.Messages;
import io.mistraloperator.gateway.dialect.rule.Prefix;
import io.mistraloperator.gateway.dialect.rule.Problems;
import io.mistraloperator.gateway.dialect.rule.Ranges;
import io.mistraloperator.gateway.dialect.rule.Roles;
import io.mistraloperator.gateway.dialect.rule.SafePrompt;
import io.mistraloperator.gateway.dialect.rule.Samplings;
import io.mistraloperator.gateway.dialect.rule.ToolOffers;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads a chat request of either dialect: the steps are the same, the profile differs. */
final class ChatReader {
  /** Read by name below; the rest of a body is for the engine. */
  private static final Set<String> READ_HERE =
      Stream.concat(
              Samplings.NAMES.stream(),
              Stream.of(
                  "model",
                  "messages",
                  "response_format",
                  "n",
                  "tools",
                  "tool_choice",
                  "parallel_tool_calls",
                  "stream",
                  "stream_options",
                  "safe_prompt",
                  "safe_mode"))
          .collect(Collectors.toUnmodifiableSet());

  private final ObjectNode body;
  private final ModelFacts model;
  private final Profile profile;
  private final Problems problems;
  private final Ranges ranges;

  private ChatReader(ObjectNode body, ModelFacts model, Profile profile, Problems problems) {
    this.body = body;
    this.model = model;
    this.profile = profile;
    this.problems = problems;
    this.ranges = new Ranges(body, problems);
  }

  /**
   * Reads a request.
   *
   * @throws Refusal with every problem of the body
   */
  static ChatRequest read(ObjectNode body, Extras.Mode mode, ModelFacts model, Profile profile) {
    Problems problems = new Problems();
    return new ChatReader(profile.admitted(body, mode, problems), model, profile, problems).read();
  }

  private ChatRequest read() {
    boolean continued = Prefix.read(body, problems);
    List<Message> messages = messages(continued);
    Sampling sampling =
        Samplings.read(body, model.contextLength(), profile.mostTokensByDefault(), problems);
    AnswerFormat format = Formats.read(body, model, problems);
    boolean parallel = ranges.bool("parallel_tool_calls").orElse(true);
    Tools tools = ToolOffers.read(body, parallel, model, problems);
    if (continued) {
      continuable(format, tools);
    }
    int choices = ranges.integer("n", 1, Ranges.MOST_CHOICES).orElse(1);
    Map<String, JsonNode> extras = Extras.forEngine(body, READ_HERE, model, sampling, problems);
    boolean stream = ranges.bool("stream").orElse(false);
    boolean safe = safePrompt();
    boolean usageApart = ranges.usageAsked();
    problems.refuseIfAny();
    List<Message> all = safe ? SafePrompt.before(messages) : messages;
    return new ChatRequest(
        Roles.arranged(all, model.systemRole(), continued),
        continued,
        sampling,
        format,
        tools,
        choices,
        extras,
        stream,
        stream && profile.usageApart() && usageApart);
  }

  private List<Message> messages(boolean continued) {
    int before = problems.count();
    List<Message> messages = Messages.read(body, model, problems);
    // Positions mean something only when every message was read.
    if (problems.count() == before) {
      // Where the last message asks in vain to be continued, that was told.
      Roles.check(messages, continued || Prefix.asked(body), problems);
    }
    return messages;
  }

  /** An engine's grammar begins with the answer, and would know nothing of its beginning. */
  private void continuable(AnswerFormat format, Tools tools) {
    if (!(format instanceof AnswerFormat.Text)) {
      problems.unsupported(
          List.of("response_format"),
          "cannot be had together with the prefix of an answer",
          body.path("response_format"));
    }
    if (!(tools.choice() instanceof ToolChoice.Auto)) {
      problems.unsupported(
          List.of("tool_choice"),
          "cannot demand a call together with the prefix of an answer",
          body.path("tool_choice"));
    }
  }

  private boolean safePrompt() {
    boolean prompt = ranges.bool("safe_prompt").orElse(false);
    boolean mode = ranges.bool("safe_mode").orElse(false);
    return prompt || mode;
  }
}
