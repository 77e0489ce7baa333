using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Deployster.Application.Webhooks;
using Deployster.Domain.Names;
using Deployster.Infrastructure.Webhooks;
using Deployster.Testing;
using FluentAssertions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace Deployster.Infrastructure.Tests.Webhooks;

/// <summary>Deliveries to a real receiver, whatever it makes of them.</summary>
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class HttpWebhookSenderTests : IDisposable
{
    private static readonly byte[] s_key = "geheim"u8.ToArray();

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 25, 16, 0, 0, TimeSpan.Zero));
    private readonly TestReceiver _server = new();
    private readonly HttpWebhookSender _sender;

    public HttpWebhookSenderTests() => _sender = new HttpWebhookSender(new WebhookSecret(s_key), _time);

    public void Dispose()
    {
        _sender.Dispose();
        _server.Dispose();
    }

    [Test]
    public async Task Send_WhenTaken_IsAPostWithItsHeadersAndSigned()
    {
        (await SendAsync()).Should().Be(DeliveryAnswer.Taken);

        var request = _server.Requests.Single();
        request.Method.Should().Be("POST");
        request.Path.Should().Be("/hooks/s3cret?token=t0ken");
        Encoding.UTF8.GetString(request.Body).Should().Be(Sample.Body);
        request.Headers["Content-Type"].Should().Be("application/json");
        request.Headers["Content-Length"].Should().Be($"{request.Body.Length}");
        request.Headers["User-Agent"].Should().Be("Deployster");
        request.Headers["X-Deployster-Event"].Should().Be("deploy.succeeded");
        request.Headers["X-Deployster-Delivery"].Should().Be("00112233-4455-6677-8899-aabbccddeeff");
        request.Headers["X-Deployster-Signature-256"].Should().Be($"sha256={Convert.ToHexStringLower(HMACSHA256.HashData(s_key, request.Body))}");
        request.Headers.AllKeys.Should().NotContain("traceparent").And.NotContain("Authorization");
    }

    [Test]
    public async Task Send_WithoutASecret_IsNotSigned()
    {
        using var sender = new HttpWebhookSender(new WebhookSecret(null), _time);

        await sender.SendAsync(ReceiverOf(_server.Url), Sample, default);

        _server.Requests.Single().Headers.AllKeys.Should().NotContain("X-Deployster-Signature-256");
    }

    [Test]
    public async Task Send_WhenTheUrlHasAUser_LogsIn()
    {
        await SendAsync(new UriBuilder(_server.Url) { UserName = "ada", Password = "p%40ss" }.Uri);

        _server.Requests.Single().Headers["Authorization"].Should().Be($"Basic {Convert.ToBase64String("ada:p@ss"u8)}");
    }

    [TestCase(200)]
    [TestCase(202)]
    [TestCase(204)]
    public async Task Send_WhenAnsweredWith2xx_IsTaken(int status)
    {
        _server.AnswerWith(status);

        (await SendAsync()).Should().Be(DeliveryAnswer.Taken);
    }

    [TestCase(408)]
    [TestCase(429)]
    [TestCase(500)]
    [TestCase(503)]
    public async Task Send_WhenTheTroubleMayPass_MayBeTriedAgain(int status)
    {
        _server.AnswerWith(status);

        (await SendAsync()).Should().Be(DeliveryAnswer.Failed($"it answered {status}"));
    }

    [TestCase(301)]
    [TestCase(302)]
    [TestCase(307)]
    [TestCase(400)]
    [TestCase(401)]
    [TestCase(404)]
    [TestCase(410)]
    public async Task Send_WhenItIsRefused_IsNotTriedAgainAndFollowsNowhere(int status)
    {
        _server.AnswerWith(status, "Location", $"{_server.Url}&again=1");

        (await SendAsync()).Should().Be(DeliveryAnswer.Refused($"it answered {status}"));

        _server.Requests.Should().ContainSingle();
    }

    [Test]
    public async Task Send_WhenToldHowLongToWait_GivesIt()
    {
        _server.AnswerWith(429, "Retry-After", "30");
        (await SendAsync()).Should().Be(DeliveryAnswer.Failed("it answered 429", TimeSpan.FromSeconds(30)));

        _server.AnswerWith(503, "Retry-After", _time.GetUtcNow().AddMinutes(2).ToString("R", CultureInfo.InvariantCulture));
        (await SendAsync()).Should().Be(DeliveryAnswer.Failed("it answered 503", TimeSpan.FromMinutes(2)));

        _server.AnswerWith(429, "Retry-After", "soon");
        (await SendAsync()).Should().Be(DeliveryAnswer.Failed("it answered 429"));
    }

    [Test]
    public async Task Send_WhenTheReceiverIsDown_MayBeTriedAgainAndIsTakenOnceItIsUp()
    {
        _server.GoDown();
        (await SendAsync()).Should().Be(DeliveryAnswer.Failed("it takes no connection"));

        _server.GoUp();
        (await SendAsync()).Should().Be(DeliveryAnswer.Taken);
    }

    [Test]
    public async Task Send_WhenItsNameIsNotKnown_MayBeTriedAgain()
    {
        var answer = await SendAsync(new Uri("http://nowhere.invalid/s3cret"));

        answer.MayBeTriedAgain.Should().BeTrue();
        answer.Complaint.Should().BeOneOf("its name is not known", "it takes no connection");
    }

    [Test]
    public async Task Send_WhenTheReceiverIsSlow_IsGivenUpAfterTenSeconds()
    {
        var come = new TaskCompletionSource();
        using var end = new CancellationTokenSource();
        _server.Answer = async (_, _) =>
        {
            come.SetResult();
            await Task.Delay(Timeout.Infinite, end.Token).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        };

        var sending = SendAsync();
        await come.Task.WaitAsync(WaitFor.Limit);
        _time.Advance(TimeSpan.FromSeconds(9.9));
        await Task.Delay(50);
        sending.IsCompleted.Should().BeFalse();
        _time.Advance(TimeSpan.FromSeconds(0.1));

        (await sending.WaitAsync(WaitFor.Limit)).Should().Be(DeliveryAnswer.Failed("it did not answer within 10 s"));
        await end.CancelAsync();
    }

    [Test]
    public async Task Send_WhenTheProcessEnds_IsCalledOff()
    {
        using var end = new CancellationTokenSource();
        var come = new TaskCompletionSource();
        _server.Answer = (_, _) =>
        {
            come.SetResult();
            return Task.Delay(Timeout.Infinite, end.Token).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        };

        var sending = _sender.SendAsync(ReceiverOf(_server.Url), Sample, end.Token);
        await come.Task.WaitAsync(WaitFor.Limit);
        await end.CancelAsync();

        await sending.Awaiting(it => it.WaitAsync(WaitFor.Limit)).Should().ThrowAsync<OperationCanceledException>();
    }

    [Test]
    public async Task Send_WhenTheAnswerNeverEnds_DoesNotReadIt()
    {
        using var endless = new TcpListener(IPAddress.Loopback, 0);
        endless.Start();
        var written = WriteEndlesslyAsync(endless);
        var clock = Stopwatch.StartNew();

        var answer = await SendAsync(new Uri($"http://{endless.LocalEndpoint}/s3cret"));

        answer.Should().Be(DeliveryAnswer.Taken);
        (await written.WaitAsync(WaitFor.Limit)).Should().BeLessThan(64 << 20, "the connection is closed");
        clock.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(30));
    }

    [TestCase("")]
    [TestCase("nonsense\r\n\r\n")]
    public async Task Send_WhenTheAnswerIsNone_MayBeTriedAgain(string text)
    {
        using var odd = new TcpListener(IPAddress.Loopback, 0);
        odd.Start();
        var answering = AnswerAsync(odd, text);

        var answer = await SendAsync(new Uri($"http://{odd.LocalEndpoint}/s3cret"));

        answer.MayBeTriedAgain.Should().BeTrue();
        answer.Complaint.Should().BeOneOf("it hung up without an answer", "it did not answer in HTTP", "the connection to it broke off");
        await answering;
    }

    [Test]
    public async Task Send_WhenTheCertificateIsNotTrusted_SendsNothing()
    {
        using var secure = new TcpListener(IPAddress.Loopback, 0);
        secure.Start();
        var answering = SpeakTlsAsync(secure);

        var answer = await SendAsync(new Uri($"https://{secure.LocalEndpoint}/s3cret"));

        answer.Should().Be(DeliveryAnswer.Failed("its certificate, or its TLS, cannot be trusted"));
        (await answering.WaitAsync(WaitFor.Limit)).Should().Be(0, "not even the path of the URL has gone out");
    }

    private static Delivery Sample { get; } = new(
        "", Guid.Parse("00112233-4455-6677-8899-aabbccddeeff"), ServiceName.Parse("railsapp"), "deploy.succeeded", default, """{"text":"ü 🚀"}""");

    private Task<DeliveryAnswer> SendAsync(Uri? url = null) => _sender.SendAsync(ReceiverOf(url ?? _server.Url), Sample, default).WaitAsync(WaitFor.Limit);

    private static WebhookReceiver ReceiverOf(Uri url) => WebhookReceiver.Read(url.AbsoluteUri)!;

    private static async Task AnswerAsync(TcpListener listener, string text)
    {
        using var client = await listener.AcceptTcpClientAsync();
        await client.GetStream().ReadAtLeastAsync(new byte[4096], 1);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text));
    }

    private static async Task<long> WriteEndlesslyAsync(TcpListener listener)
    {
        using var client = await listener.AcceptTcpClientAsync();
        var stream = client.GetStream();
        await stream.ReadAtLeastAsync(new byte[4096], 1);
        await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"u8.ToArray());
        var count = 0L;
        try
        {
            while (count < 1L << 30)
            {
                await stream.WriteAsync(new byte[64 << 10]);
                count += 64 << 10;
            }
        }
        catch (IOException)
        {
            // It has hung up.
        }

        return count;
    }

    private static async Task<int> SpeakTlsAsync(TcpListener listener)
    {
        using var file = new CertificateFile("localhost");
        using var certificate = X509Certificate2.CreateFromPemFile(file.Cert, file.Key);
        using var client = await listener.AcceptTcpClientAsync();
        await using var tls = new System.Net.Security.SslStream(client.GetStream());
        try
        {
            await tls.AuthenticateAsServerAsync(certificate);
            return await tls.ReadAsync(new byte[1]);
        }
        catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException)
        {
            return 0;
        }
    }
}
