using System.Net;

namespace Deployster.EndToEnd.Tests.Gateway;

/// <summary>Where a load asks.</summary>
/// <param name="EndPoint">The gateway's address.</param>
/// <param name="IsHttps">Whether it takes HTTPS there.</param>
internal sealed record LoadAddress(IPEndPoint EndPoint, bool IsHttps);
