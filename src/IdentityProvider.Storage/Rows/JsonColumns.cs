using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityProvider.Storage.Rows;

/// <summary>Documents: <c>jsonb</c> where there is such a type, text elsewhere.</summary>
internal static class JsonColumns
{
    public static PropertyBuilder<T> IsJson<T>(this PropertyBuilder<T> property, bool isPostgreSql) =>
        isPostgreSql ? property.HasColumnType("jsonb") : property;
}
