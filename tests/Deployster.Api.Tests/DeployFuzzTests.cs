using System.Net;
using System.Text;

namespace Deployster.Api.Tests;

/// <summary>Whatever is posted as a deploy, the answer is one of those that are foreseen.</summary>
internal sealed class DeployFuzzTests
{
    private const int Cases = 1500;

    private static readonly HttpStatusCode[] s_foreseen =
    [
        HttpStatusCode.Created,
        HttpStatusCode.BadRequest,
        HttpStatusCode.Conflict,
        HttpStatusCode.RequestEntityTooLarge,
        HttpStatusCode.UnsupportedMediaType,
    ];

    private static readonly string[] s_names =
    [
        "version", "destroy_previous", "timestamp", "instance_count", "env", "port", "volumes", "command", "memory", "cpus",
        "health_check", "min_healthy_seconds", "deadline", "path", "interval", "timeout", "deploy", "A", "", "colour", "\\ud800", "\\u0000",
    ];

    private static readonly string[] s_scalars =
    [
        "null", "true", "false", "0", "1", "2", "-1", "1.5", "1e3", "1e400", "1000", "1001", "99999999999999999999", "3000", "0.25", "-0",
        "\"\"", "\"v1\"", "\"v 1\"", "\"2015.03.02-00.31.45\"", "\"512m\"", "\"/a:/b\"", "\"/health\"", "\"sh -c 'x\"", "\"\\ud800\"",
        "\"\\u0000\"", "\"a\\nb\"", "\"\\u2028\"", "\"🚀\"", "\"{0}{PropertyName:x}\"", "\"%n%s\"", "\"$(reboot)\"",
    ];

    [Test]
    public async Task Deploy_OfAnything_IsForeseen([Values(1, 2, 3)] int seed)
    {
        await using var server = await ApiServer.StartAsync();
        var random = new Random(seed);
        for (var i = 0; i < Cases / 3; i++)
        {
            var body = Body(random, i);

            using var content = new ByteArrayContent(body);
            content.Headers.TryAddWithoutValidation("Content-Type", random.Next(20) == 0 ? "text/plain" : "application/json");
            var answer = await server.SendAsync(HttpMethod.Post, $"/v1/services/s{seed}-{i}/deploys", content);

            answer.Status.Should().BeOneOf(s_foreseen, $"the body was {Encoding.UTF8.GetString(body)} and the answer {answer.Body}");
            if (answer.Status != HttpStatusCode.Created)
            {
                answer.ShouldBeProblem(answer.Status);
            }
        }
    }

    private static byte[] Body(Random random, int i)
    {
        // Near to what is right, so that it gets far.
        var deploy = random.Next(4) == 0
            ? Value(random, 0)
            : $"{{\"version\":\"v{i}\",{string.Join(',', Enumerable.Range(0, random.Next(1, 4)).Select(_ => Member(random, 0)))}}}";
        var body = Encoding.UTF8.GetBytes($"{{\"deploy\":{deploy}{(random.Next(10) == 0 ? $",{Member(random, 0)}" : "")}}}");
        switch (random.Next(10))
        {
            case 0:
                body[random.Next(body.Length)] = (byte)random.Next(256);
                return body;
            case 1:
                return body[..random.Next(body.Length)];
            default:
                return body;
        }
    }

    private static string Member(Random random, int depth) => $"\"{s_names[random.Next(s_names.Length)]}\":{Value(random, depth)}";

    private static string Value(Random random, int depth) => random.Next(depth > 3 ? 1 : 4) switch
    {
        1 => $"{{{string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => Member(random, depth + 1)))}}}",
        2 => $"[{string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => Value(random, depth + 1)))}]",
        _ => s_scalars[random.Next(s_scalars.Length)],
    };
}
