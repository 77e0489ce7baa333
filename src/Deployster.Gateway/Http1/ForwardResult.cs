namespace Deployster.Gateway.Http1;

/// <summary>What became of a request that was sent to a unit.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Cause">Why, where it did not end well.</param>
internal readonly record struct ForwardResult(ForwardOutcome Outcome, string? Cause = null);

/// <summary>How a request ended at a unit.</summary>
internal enum ForwardOutcome
{
    /// <summary>The client has the unit's answer, or as much of it as there was.</summary>
    Answered,

    /// <summary>The unit was not reached: it has not seen the request.</summary>
    NotConnected,

    /// <summary>The unit broke off before it answered.</summary>
    NoAnswer,

    /// <summary>The unit closed a connection that it had kept, without a byte of an answer: it need not have seen the request.</summary>
    Stale,

    /// <summary>The unit did not answer in time.</summary>
    Late,

    /// <summary>The client went away.</summary>
    ClientGone,

    /// <summary>The client did not send the body that it promised in time.</summary>
    ClientLate,

    /// <summary>The client sent what is no body.</summary>
    ClientBroken,
}
