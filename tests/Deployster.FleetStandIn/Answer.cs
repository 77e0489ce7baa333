namespace Deployster.FleetStandIn;

/// <summary>What Fleet answers. Without a status it drops the connection.</summary>
internal sealed record Answer(int? Status, object? Body = null)
{
    public static readonly Answer Created = new(201);
    public static readonly Answer Done = new(204);
    public static readonly Answer Dropped = new((int?)null);
    public static readonly Answer Trouble = Error(500);
    public static readonly Answer EtcdAway = Error(503, "fleet server unable to communicate with etcd");

    public static Answer Ok(object body) => new(200, body);

    public static Answer Error(int status, string message = "") => new(status, new ErrorBody(new ErrorDetail(status, message)));
}
