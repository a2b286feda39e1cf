package io.mistraloperator.gateway.chat;

/**
 * Every error that a client can get: the closed table of rows B7 and C7. {@code docs/errors.md} is
 * made from it.
 */
public enum ErrorCode {
  /** Extra parameters without leave, Azure route (B3). */
  EXTRA_PARAMETERS_NOT_ALLOWED(
      400,
      "extra_parameters_not_allowed",
      "The body has parameters outside the list of the Azure route.",
      "Leave them out, or send `extra-parameters: pass-through` (to the model) or `drop`."),
  /** A header whose value means nothing. */
  INVALID_HEADER(
      400,
      "invalid_header",
      "`extra-parameters` has an unknown value.",
      "Send `error`, `drop` or `pass-through`."),
  /** The head of the request is no HTTP. */
  BAD_REQUEST(
      400,
      "BadRequest",
      "The head of the request is not HTTP: a header with control characters, two lengths, and the"
          + " like.",
      "Send what an HTTP library makes; look at names and values of headers of your own."),
  /** The body is not one JSON object (G15). */
  INVALID_JSON(
      400,
      "invalid_json",
      "The body is not one JSON object.",
      "Check the body for trailing commas, quotes and what follows its end."),
  /** A request to a unified endpoint whose body names no model (A9.2). */
  NO_MODEL_NAME(
      400,
      "no_model_name",
      "A unified endpoint got a body without `model`.",
      "Name one of the project's endpoints in `model`."),
  /** An {@code api-version} of no known form (B0). */
  INVALID_API_VERSION(
      400,
      "invalid_api_version",
      "`api-version` is not of the form `2024-05-01` or `2024-05-01-preview`.",
      "Correct it or leave it out."),
  /** No credential, or one that the endpoint does not take (A7.6, D2.14). */
  UNAUTHORIZED(
      401,
      "Unauthorized",
      "There is no key, or none of this endpoint's; on a unified endpoint none of the selected"
          + " endpoint's, or none of the project's at all. With tokens: there is none, or not one"
          + " that the endpoint takes.",
      "Send the key of the endpoint's Secret as `Authorization: Bearer` or `api-key`; a replaced"
          + " key ends at once. Tokens need the endpoint's issuer and audience, and time left."),
  /** A genuine identity that may not call this endpoint (B7). */
  FORBIDDEN(
      403,
      "Forbidden",
      "The token is genuine, but its bearer may not call this endpoint.",
      "Ask for the claim or group that `spec.auth` of the endpoint names."),
  /** No endpoint of this name or host. */
  ENDPOINT_NOT_FOUND(
      404,
      "EndpointNotFound",
      "There is no endpoint of this host or name.",
      "Take the URL from `status.endpoint` of the deployment; a new endpoint needs a moment."),
  /**
   * The endpoint has no deployment of the name that a header asks for, or none with traffic (D2.5).
   */
  DEPLOYMENT_NOT_FOUND(
      404,
      "DeploymentNotFound",
      "`azureml-model-deployment` names a deployment that the endpoint does not have; or there is"
          + " no such header and no deployment of the endpoint has traffic.",
      "Leave the header out, or name one that the message lists; give a deployment `spec.traffic`."),
  /** No endpoint of the project has this name, or serves a model of this name (A9.2). */
  UNKNOWN_MODEL(
      404,
      "unknown_model",
      "Unified endpoint: no endpoint of the project has the name in `model`; or it is that of a"
          + " model that several serve.",
      "Name an endpoint of the project in `model`."),
  /** The endpoint has no such path, or the model does not do that. */
  NOT_FOUND(
      404,
      "NotFound",
      "There is no such path, or the endpoint's model does not do that: base models do not chat,"
          + " chat models do not continue texts, none makes embeddings.",
      "`GET /info` tells what the model does; the message lists the paths."),
  /** The path exists, not for this verb. */
  METHOD_NOT_ALLOWED(
      405, "MethodNotAllowed", "The path takes another verb.", "Use the one that `Allow` names."),
  /** The request took longer than its endpoint allows (B7, D2.3). */
  REQUEST_TIMEOUT(
      408,
      "RequestTimeout",
      "The body did not arrive within a minute, or the answer was not complete within the"
          + " endpoint's `requestSettings.timeoutSeconds`.",
      "Ask for fewer tokens, stream, or raise the endpoint's `requestSettings`."),
  /** The body is above the limit (G17). */
  REQUEST_TOO_LARGE(
      413,
      "RequestEntityTooLarge",
      "The body has more bytes than the endpoint takes.",
      "Send less; a conversation of that size would not fit the model either."),
  /** The URL is longer than is read. */
  URI_TOO_LONG(
      414,
      "URITooLong",
      "Method and URL have more bytes than are read.",
      "Put into the body what stands in the query."),
  /** The body is not declared as JSON. */
  UNSUPPORTED_MEDIA_TYPE(
      415,
      "UnsupportedMediaType",
      "`Content-Type` says that the body is not JSON, or `Content-Encoding` that it is compressed.",
      "Send `Content-Type: application/json` and the body as it is."),
  /** The model lacks what a parameter asks for. */
  PARAMETER_NOT_SUPPORTED(
      422,
      "parameter_not_supported",
      "The model lacks what a parameter asks for: tools, JSON mode, images and the like.",
      "Leave out what `detail` names, or use a model that has it."),
  /** A value of the wrong type or out of range. */
  INVALID_INPUT(
      422,
      "Invalid input",
      "A value has the wrong type or is out of range, a conversation has an order that no model can"
          + " take, or there are more tokens than the model's context has.",
      "Correct what `detail` names; it lists every problem of the body with its place."),
  /** More requests at a time than the endpoint's instances may have (B7, D2.12). */
  TOO_MANY_REQUESTS(
      429,
      "TooManyRequests",
      "All instances are busy: each answers as many requests as"
          + " `requestSettings.maxConcurrentRequestsPerInstance` allows, and as many wait, or this one"
          + " has waited for `maxQueueWaitSeconds`.",
      "Try again after the seconds in `Retry-After`; when it stays, ask for more instances."),
  /** The headers are larger than are read. */
  HEADERS_TOO_LARGE(
      431,
      "RequestHeaderFieldsTooLarge",
      "All headers together have more bytes than are read.",
      "Leave out cookies and headers that the endpoint does not know."),
  /** A fault of the gateway's own. */
  INTERNAL(
      500,
      "InternalServerError",
      "The gateway made a mistake.",
      "Tell the platform team the answer's `x-request-id`; its log has the cause."),
  /** The engine failed on this request. */
  ENGINE_FAILED(
      502,
      "EngineFailed",
      "The engine failed on this request or died in mid-answer.",
      "Try again; when it stays, look at the deployment's status."),
  /** No instance can take the request now. */
  SERVICE_UNAVAILABLE(
      503,
      "ServiceUnavailable",
      "No instance is ready or can be reached, or all are busy; or the model is starting and as many"
          + " requests wait for it as may, or it took too long; or tokens cannot be checked at the"
          + " moment; or the gateway holds as many request bodies as it can.",
      "Try again after the seconds in `Retry-After`; when it stays, look at the deployment's"
          + " status."),
  /** The engine was silent for longer than the endpoint allows. */
  GATEWAY_TIMEOUT(
      504,
      "GatewayTimeout",
      "The model did not begin its answer in time, or fell silent within it.",
      "Try again; when it stays, look at the deployment's status, or raise the endpoint's"
          + " `requestSettings`.");

  private final int status;
  private final String word;
  private final String when;
  private final String remedy;

  ErrorCode(int status, String word, String when, String remedy) {
    this.status = status;
    this.word = word;
    this.when = when;
    this.remedy = remedy;
  }

  /** HTTP status. */
  public int status() {
    return status;
  }

  /** The {@code code} of the envelope and of {@code x-ms-error-code}. */
  public String word() {
    return word;
  }

  /** What leads to it, in Markdown. */
  public String when() {
    return when;
  }

  /** What a client or its people can do, in Markdown. */
  public String remedy() {
    return remedy;
  }

  /** The {@code type} of the envelope, in OpenAI's words. */
  public String type() {
    return switch (this) {
      case UNAUTHORIZED -> "authentication_error";
      case TOO_MANY_REQUESTS -> "rate_limit_error";
      default -> status < 500 ? "invalid_request_error" : "server_error";
    };
  }
}
