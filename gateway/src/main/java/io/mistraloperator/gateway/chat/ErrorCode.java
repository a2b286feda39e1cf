package io.mistraloperator.gateway.chat;

/** Every error that a client can get: the closed table of rows B7 and C7. */
public enum ErrorCode {
  /** Extra parameters without leave, Azure route (B3). */
  EXTRA_PARAMETERS_NOT_ALLOWED(400, "extra_parameters_not_allowed"),
  /** A header whose value means nothing. */
  INVALID_HEADER(400, "invalid_header"),
  /** The body is not one JSON object (G15). */
  INVALID_JSON(400, "invalid_json"),
  /** A request to a unified endpoint whose body names no model (A9.2). */
  NO_MODEL_NAME(400, "no_model_name"),
  /** An {@code api-version} of no known form (B0). */
  INVALID_API_VERSION(400, "invalid_api_version"),
  /** No credential, or one that no key of the endpoint matches (A7.6). */
  UNAUTHORIZED(401, "Unauthorized"),
  /** No endpoint of this name or host. */
  ENDPOINT_NOT_FOUND(404, "EndpointNotFound"),
  /** The endpoint has no deployment of the name that a header asks for (D2.5). */
  DEPLOYMENT_NOT_FOUND(404, "DeploymentNotFound"),
  /** No endpoint of the project has this name, or serves a model of this name (A9.2). */
  UNKNOWN_MODEL(404, "unknown_model"),
  /** The endpoint has no such path, or the model does not do that. */
  NOT_FOUND(404, "NotFound"),
  /** The path exists, not for this verb. */
  METHOD_NOT_ALLOWED(405, "MethodNotAllowed"),
  /** The body is above the limit (G17). */
  REQUEST_TOO_LARGE(413, "RequestEntityTooLarge"),
  /** The body is not declared as JSON. */
  UNSUPPORTED_MEDIA_TYPE(415, "UnsupportedMediaType"),
  /** The model lacks what a parameter asks for. */
  PARAMETER_NOT_SUPPORTED(422, "parameter_not_supported"),
  /** A value of the wrong type or out of range. */
  INVALID_INPUT(422, "Invalid input"),
  /** A fault of the gateway's own. */
  INTERNAL(500, "InternalServerError"),
  /** The engine failed on this request. */
  ENGINE_FAILED(502, "EngineFailed"),
  /** No instance can take the request now. */
  SERVICE_UNAVAILABLE(503, "ServiceUnavailable");

  private final int status;
  private final String word;

  ErrorCode(int status, String word) {
    this.status = status;
    this.word = word;
  }

  /** HTTP status. */
  public int status() {
    return status;
  }

  /** The {@code code} of the envelope and of {@code x-ms-error-code}. */
  public String word() {
    return word;
  }

  /** The {@code type} of the envelope, in OpenAI's words. */
  public String type() {
    if (this == UNAUTHORIZED) {
      return "authentication_error";
    }
    return status < 500 ? "invalid_request_error" : "server_error";
  }
}
