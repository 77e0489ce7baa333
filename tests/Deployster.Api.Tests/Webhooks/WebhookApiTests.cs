using System.Net;
using Deployster.Api.Mapping;
using Deployster.Api.Webhooks;
using Deployster.Application.History;
using Deployster.Application.Tasks;
using Deployster.Application.Webhooks;
using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;
using Deployster.Domain.Specs;
using Deployster.Domain.Tasks;
using Deployster.Domain.Units;

namespace Deployster.Api.Tests.Webhooks;

/// <summary>What receivers get: the API's own words, without secrets.</summary>
internal sealed class WebhookApiTests
{
    private static readonly DateTimeOffset s_time = new(2015, 3, 2, 0, 31, 45, TimeSpan.Zero);

    private readonly WebhookBodies _bodies = new(ContractMaps.Create().CreateMapper());

    [Test]
    public async Task Body_OfADeploy_IsWhatTheApiTellsWithoutValues()
    {
        await using var server = await ApiServer.StartAsync();
        var deploy = Deploy("All went well.");
        server.History.Put(deploy);
        var told = (await server.GetAsync("/v1/services/railsapp/deploys")).Json.GetProperty("deploys")[0].GetRawText();

        var body = _bodies.Write(WebhookEvent.Of("deploy.succeeded", s_time, deploy));

        body.Should().NotContain("s3cret");
        var expected = told.Replace("\"s3cret\"", "null", StringComparison.Ordinal);
        body.Should().Be($$"""{"event":"deploy.succeeded","text":"Deploy of railsapp:7bdae1c succeeded: All went well.","deploy":{{expected}}}""");
        body.Should().Contain("""
            "env":{"TOKEN":null}
            """.Trim());
    }

    [Test]
    public void Body_OfATask_IsWhatTheApiTells()
    {
        var task = new TaskRecord
        {
            Id = TaskId.New(s_time),
            Service = ServiceName.Parse("railsapp"),
            Version = VersionTag.Parse("7bdae1c"),
            Image = "mycompany/railsapp:7bdae1c",
            Command = ["rake", "db:migrate"],
            Timeout = TimeSpan.FromMinutes(1),
            RequestedAt = s_time,
            EndedAt = s_time,
            End = TaskEnd.Exited(0),
        };

        _bodies.Write(WebhookEvent.Of("task.ended", s_time, task)).Should()
            .StartWith("""{"event":"task.ended","text":"Task rake db:migrate of railsapp:7bdae1c ended: Exited (0)","task":{"id":""")
            .And.Contain("""
                "command":["rake","db:migrate"],"timeout":60,"status":"succeeded","exit_code":0
                """.Trim());
    }

    [Test]
    public void TextAlone_OfAMessageThatAChatWouldTakeForItsCommands_IsQuoted() =>
        _bodies.WriteTextAlone(WebhookEvent.Of("deploy.failed", s_time, Deploy("| <!channel> & \"so\"\n"))).Should()
            .Be("""{"text":"Deploy of railsapp:7bdae1c failed: | &lt;!channel&gt; &amp; \"so\"\n"}""");

    [Test]
    public async Task Server_WhenTheHistoryIsSilentAndTheReceiverAnswers500_DeploysAndTellsAll()
    {
        using var receiver = new TestReceiver();
        var isFirst = true;
        receiver.Answer = (_, response) =>
        {
            (response.StatusCode, isFirst) = (isFirst ? 500 : 204, false);
            return Task.CompletedTask;
        };
        await using var server = await ApiServer.StartAsync(
            options => options with { Webhooks = [WebhookReceiver.Read(receiver.Url.AbsoluteUri)!] });
        server.History.IsAway = true;

        (await server.DeployAsync("""{"version":"v1"}""")).Status.Should().Be(HttpStatusCode.Created);

        await WaitFor.TrueAsync(() => receiver.Requests.Count == 3, "the receiver is told, the first event twice");
        receiver.Requests.Select(request => request.Headers["X-Deployster-Event"])
            .Should().Equal("deploy.requested", "deploy.requested", "deploy.succeeded");
        server.Log.Lines.Select(line => line.Text).Should().NotContain(line => line.Contains("t0ken", StringComparison.Ordinal));
        (await server.GetAsync("/metrics")).Body.Should().NotContain("t0ken");
    }

    private static DeployRecord Deploy(string message) => new()
    {
        DeployId = new DeployId(ServiceName.Parse("railsapp"), VersionTag.Parse("7bdae1c"), DeployTimestamp.At(s_time)),
        Intention = new Intention
        {
            Image = "mycompany/railsapp:7bdae1c",
            RequestedAt = s_time,
            Spec = DeploySpec.Default with { Env = DeploySpec.Default.Env.Add("TOKEN", "s3cret") },
        },
        Status = DeployStatus.Succeeded,
        Message = message,
        EndedAt = s_time,
    };
}
