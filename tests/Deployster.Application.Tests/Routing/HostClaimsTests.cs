using Deployster.Application.Errors;
using Deployster.Application.Fleet;
using Deployster.Application.Rollouts;
using Deployster.Application.Routing;
using Deployster.Domain.Names;
using Deployster.Domain.Specs;
using Deployster.Domain.Units;

namespace Deployster.Application.Tests.Routing;

public sealed class HostClaimsTests
{
    [TestCase("www.example.com", "www.example.com")]
    [TestCase("other.example.org", "")]
    public void Check_WhenAnotherServiceHasTheName_Refuses(string wanted, string others)
    {
        var check = () => Check("hello", wanted, "other", others);

        check.Should().Throw<ConflictException>().WithMessage($"The host name {wanted} belongs to the service other.");
    }

    [Test]
    public void Check_WhenAnotherServiceClaimedTheServicesOwnName_Refuses()
    {
        var check = () => Check("hello", "", "other", "hello.example.org");

        check.Should().Throw<ConflictException>();
    }

    [TestCase("hello", "www.example.com", "hello", "www.example.com")]
    [TestCase("hello", "www.example.com", "other", "blog.example.com")]
    [TestCase("hello", "hello.example.org", "other", "")]
    public void Check_WhenTheNameIsFreeOrItsOwn_Passes(string service, string wanted, string other, string others)
    {
        var check = () => Check(service, wanted, other, others);

        check.Should().NotThrow();
    }

    [TestCase("/api", "/api", true)]
    [TestCase("/api", "/api/v2", false)]
    [TestCase("/api", null, false)]
    [TestCase(null, null, true)]
    public void Check_WhenServicesShareAHost_WantsOtherPrefixes(string? prefix, string? others, bool isRefused)
    {
        var check = () => Check("hello", "www.example.com", "other", "www.example.com", prefix, others);

        if (isRefused)
        {
            check.Should().Throw<ConflictException>().WithMessage("The host name www.example.com*belongs to the service other.");
        }
        else
        {
            check.Should().NotThrow();
        }
    }

    private static void Check(string service, string wanted, string other, string others, string? prefix = null, string? otherPrefix = null)
    {
        var rollouts = new LiveRollouts();
        using var claims = new HostClaims(new HostNames("example.org"), rollouts);
        var unit = new Unit(UnitName.Parse($"{other}:v1:2024.01.02-03.04.05@1.service"), Wanted.Running, Phase.Healthy)
        {
            Intention = new Intention { Image = other, RequestedAt = DateTimeOffset.UnixEpoch, Spec = Spec(others, otherPrefix) },
        };
        claims.Check(ServiceName.Parse(service), Spec(wanted, prefix), new FleetReading(1, TimeSpan.Zero, [unit]));
    }

    private static DeploySpec Spec(string host, string? prefix = null) => new()
    {
        Hosts = host.Length == 0 ? [] : [HostName.Parse(host)],
        PathPrefix = prefix is null ? null : PathPrefix.Read(prefix),
    };
}
