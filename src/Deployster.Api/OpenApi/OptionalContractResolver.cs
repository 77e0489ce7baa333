using Deployster.Domain.Specs;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Deployster.Api.OpenApi;

/// <summary>Sees through <see cref="Optional{T}"/>: on the wire there is only what it holds.</summary>
internal sealed class OptionalContractResolver(ISerializerDataContractResolver inner) : ISerializerDataContractResolver
{
    public DataContract GetDataContractForType(Type type)
    {
        if (!type.IsConstructedGenericType || type.GetGenericTypeDefinition() != typeof(Optional<>))
        {
            return inner.GetDataContractForType(type);
        }

        var given = type.GetGenericArguments()[0];
        return inner.GetDataContractForType(Nullable.GetUnderlyingType(given) ?? given);
    }
}
