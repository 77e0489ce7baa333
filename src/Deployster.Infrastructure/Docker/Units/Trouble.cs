using System.Net;
using Deployster.Application.Fleet;
using Deployster.Infrastructure.Docker.Engine;
using Deployster.Infrastructure.Docker.Images;
using Docker.DotNet;

namespace Deployster.Infrastructure.Docker.Units;

/// <summary>Why a unit could not be made, started or stopped.</summary>
/// <param name="Message">The engine's words.</param>
/// <param name="MayPass">Whether trying again may help; where not, it is a refusal.</param>
/// <param name="IsExpected">Whether it is one of those that engines and registries have.</param>
internal sealed record Trouble(string Message, bool MayPass, bool IsExpected = true)
{
    /// <summary>How long to wait at the least before trying again; null where nobody says.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>After how many attempts it is a refusal; null where it never is.</summary>
    public int? Attempts { get; init; }

    public static Trouble Of(Exception exception) => exception switch
    {
        ImagePullException pull => new Trouble(pull.Message, pull.MayPass) { RetryAfter = pull.RetryAfter },

        // What is not there any more is looked for, and pulled, again.
        DockerApiException { StatusCode: >= HttpStatusCode.InternalServerError or HttpStatusCode.TooManyRequests or HttpStatusCode.NotFound } e =>
            new Trouble(EngineMessage.Of(e), MayPass: true),
        DockerApiException e => new Trouble(EngineMessage.Of(e), MayPass: false),
        FleetUnavailableException => new Trouble(EngineMessage.ToLine(exception.Message), MayPass: true),
        UnitTroubleException e => new Trouble(EngineMessage.ToLine(e.Message), e.MayPass) { Attempts = e.Attempts },
        _ => new Trouble(EngineMessage.ToLine(exception.Message), MayPass: false, IsExpected: false),
    };
}
