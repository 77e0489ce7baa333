using System.Globalization;
using System.Text;

namespace Deployster.Gateway.Tests.Support;

/// <summary>A request and its answer, as a client and a unit may send them.</summary>
/// <param name="Request">The request's bytes, each as one character.</param>
/// <param name="Answer">The answer's bytes, likewise.</param>
/// <param name="IsCut">Whether the unit hangs up in the middle of its answer.</param>
/// <param name="HasAnswerBody">Whether a body belongs to the answer.</param>
internal sealed record GeneratedExchange(string Request, string Answer, bool IsCut, bool HasAnswerBody)
{
    private static readonly string[] s_methods = ["GET", "GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "PROPFIND", "M-SEARCH"];

    private static readonly string[] s_pieces =
        ["/", "a", "%2F", "%2e%2e", "..", ".", ";x=1", "%25", "+", "%20", "~", "@", ":", "!$&'()*,=", "%E4%BD%A0", "//", "[", "{", "|", "^", "\""];

    private static readonly string[] s_values =
        ["1", "", "a b", "\u00e9", "r\u00c3\u00a9.txt", "\"quoted, text\"", "a=b; c=d", "\u00ff\u0080", "x,y", "*/*;q=0.5", "W/\"1\""];

    private static readonly string[] s_statuses =
        ["200 OK", "200 Fine", "201 Created", "206 Partial Content", "302 Found", "304 Not Modified", "204 No Content", "400 Bad Request", "404 Not Found", "418 I'm a teapot", "500 Internal Server Error", "503 Service Unavailable", "299 "];

    /// <summary>Makes one; the same for the same random numbers.</summary>
    public static GeneratedExchange Make(Random random)
    {
        var method = Pick(random, s_methods);
        var request = new StringBuilder($"{method} /{Path(random)} HTTP/1.1\r\nHost: hello.localhost\r\n");
        AddHeaders(request, random, "X-Up");
        if (random.Next(3) == 0)
        {
            request.Append("TE: trailers\r\n");
        }

        if (method is "GET" or "HEAD" or "OPTIONS" or "DELETE" or "M-SEARCH" || random.Next(4) == 0)
        {
            request.Append(method is "POST" or "PUT" or "PATCH" ? "Content-Length: 0\r\n\r\n" : "\r\n");
        }
        else
        {
            AddBody(request, random, Body(random), isTrailed: true);
        }

        var (answer, hasBody, isCut) = Respond(random, method == "HEAD");
        return new GeneratedExchange(request.ToString(), answer, isCut, hasBody);
    }

    private static (string Answer, bool HasBody, bool IsCut) Respond(Random random, bool isHead)
    {
        var answer = new StringBuilder();
        foreach (var interim in Enumerable.Range(0, random.Next(5) == 0 ? 2 : 0))
        {
            answer.Append(interim == 0 ? "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" : "HTTP/1.1 102 Processing\r\n\r\n");
        }

        var status = Pick(random, s_statuses);
        answer.Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {status}\r\n");
        AddHeaders(answer, random, "X-Down");
        var hasBody = !isHead && status[..3] is not ("204" or "304");
        if (!hasBody)
        {
            answer.Append(isHead && random.Next(2) == 0 ? "Content-Length: 17\r\n\r\n" : "\r\n");
            return (answer.ToString(), false, false);
        }

        var body = Body(random);
        if (random.Next(6) == 0)
        {
            // As long as the connection lasts.
            answer.Append("Connection: close\r\n\r\n").Append(body);
            return (answer.ToString(), true, false);
        }

        var head = answer.Length;
        AddBody(answer, random, body, isTrailed: true);
        var isCut = body.Length > 1 && random.Next(8) == 0;
        var end = answer.ToString().IndexOf("\r\n\r\n", head, StringComparison.Ordinal) + 4;
        return (isCut ? answer.ToString()[..(end + random.Next(answer.Length - end - 1))] : answer.ToString(), true, isCut);
    }

    private static void AddHeaders(StringBuilder message, Random random, string prefix)
    {
        foreach (var index in Enumerable.Range(0, random.Next(6)))
        {
            // Now and then one name for several lines.
            message.Append(CultureInfo.InvariantCulture, $"{prefix}-{(random.Next(3) == 0 ? 0 : index)}: {Pick(random, s_values)}\r\n");
        }
    }

    private static void AddBody(StringBuilder message, Random random, string body, bool isTrailed)
    {
        if (random.Next(2) == 0)
        {
            message.Append(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n\r\n").Append(body);
            return;
        }

        message.Append("Transfer-Encoding: chunked\r\n\r\n");
        for (var at = 0; at < body.Length;)
        {
            var size = Math.Min(body.Length - at, 1 + random.Next(5000));
            var extension = random.Next(5) == 0 ? ";name=\"value\"" : "";
            message.Append(CultureInfo.InvariantCulture, $"{size:x}{extension}\r\n").Append(body, at, size).Append("\r\n");
            at += size;
        }

        message.Append(isTrailed && random.Next(3) == 0 ? "0\r\nX-Sum: 1\r\nX-More: b\r\n\r\n" : "0\r\n\r\n");
    }

    private static string Body(Random random)
    {
        var bytes = new byte[random.Next(4) switch { 0 => random.Next(10), 1 => random.Next(100), 2 => random.Next(5000), _ => random.Next(100_000) }];
        random.NextBytes(bytes);
        return Encoding.Latin1.GetString(bytes);
    }

    private static string Path(Random random)
    {
        var path = string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => Pick(random, s_pieces)));
        return random.Next(2) == 0 ? path : $"{path}?{string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => Pick(random, s_pieces)))}";
    }

    private static string Pick(Random random, string[] choices) => choices[random.Next(choices.Length)];
}
