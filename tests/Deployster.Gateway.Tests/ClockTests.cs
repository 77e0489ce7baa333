using Deployster.Application.Routing;
using Deployster.Domain.Names;
using Deployster.Gateway.Routing;
using Deployster.Gateway.Tests.Support;
using FluentAssertions;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace Deployster.Gateway.Tests;

/// <summary>The wall clock is set: what takes a second takes a second.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class ClockTests
{
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase(1)]
    public void Enter_WhenAUnitDidNotAnswer_PrefersOthersForASecond(int hours)
    {
        var clock = new TestClock();
        var route = new ServiceRoute(ServiceName.Parse("hello"), (_, _) => { }, clock);
        route.Update(
            [
                new RoutedUnit(TestUnit.NameOf("hello", 1), "127.0.0.1:1", UnitTraffic.Serving),
                new RoutedUnit(TestUnit.NameOf("hello", 2), "127.0.0.1:2", UnitTraffic.Standby),
            ],
            version: 1);
        var serving = route.Enter([])!;
        route.Avoid(serving);

        clock.SetBy = hours * s_hour;

        clock.Elapsed = TimeSpan.FromSeconds(0.9);
        route.Enter([]).Should().NotBe(serving);
        clock.Elapsed = TimeSpan.FromSeconds(1);
        route.Enter([]).Should().Be(serving);
    }

    [TestCase(0)]
    [TestCase(-1)]
    public void Certificate_WhenItsFilesHaveChanged_IsTheNewOneWithinASecond(int hours)
    {
        var clock = new TestClock();
        using var files = new TestCertificate();
        var certificate = new CertificateFiles(files.Cert, files.Key, clock, NullLogger<CertificateFiles>.Instance);
        var before = certificate.Current;
        clock.SetBy = hours * s_hour;
        files.Renew();

        certificate.Current.Should().BeSameAs(before, "it was looked for just before");
        clock.Elapsed = TimeSpan.FromSeconds(1);
        certificate.Current.Should().NotBeSameAs(before);
    }

    [Test]
    public void Certificate_WhenOnlyOneOfItsFilesHasChanged_IsTheOneBefore()
    {
        var clock = new TestClock();
        using var files = new TestCertificate();
        using var renewed = new TestCertificate();
        var certificate = new CertificateFiles(files.Cert, files.Key, clock, NullLogger<CertificateFiles>.Instance);
        var before = certificate.Current;

        File.Copy(renewed.Cert, files.Cert, overwrite: true);
        clock.Elapsed = TimeSpan.FromSeconds(1);

        certificate.Current.Should().BeSameAs(before);
    }
}
