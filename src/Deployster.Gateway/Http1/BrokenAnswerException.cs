namespace Deployster.Gateway.Http1;

/// <summary>What a unit has sent is no answer in HTTP/1.1, or not the whole of one.</summary>
internal sealed class BrokenAnswerException(string message) : IOException(message);
