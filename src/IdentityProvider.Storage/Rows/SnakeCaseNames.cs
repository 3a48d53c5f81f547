using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace IdentityProvider.Storage.Rows;

/// <summary>Tables, columns, keys and indexes in the form that needs no quotes in PostgreSQL: <c>status_index</c>.</summary>
internal static class SnakeCaseNames
{
    private static readonly Dictionary<string, string> IdentityTables = new(StringComparer.Ordinal)
    {
        ["AspNetUserClaims"] = "account_claims",
        ["AspNetUserLogins"] = "account_logins",
        ["AspNetUserTokens"] = "account_tokens",
    };

    public static void Apply(ModelBuilder builder)
    {
        foreach (var type in builder.Model.GetEntityTypes())
        {
            if (type.IsMappedToJson())
            {
                type.SetContainerColumnName(Of(type.GetContainerColumnName()!));
                continue;
            }

            type.SetTableName(IdentityTables.GetValueOrDefault(type.GetTableName()!, type.GetTableName()!));
            RenameColumns(type);
        }

        foreach (var type in builder.Model.GetEntityTypes().Where(type => !type.IsMappedToJson()))
        {
            RenameConstraints(type);
        }
    }

    private static void RenameColumns(IMutableEntityType type)
    {
        foreach (var property in type.GetProperties())
        {
            property.SetColumnName(Of(property.GetColumnName()));
        }
    }

    private static void RenameConstraints(IMutableEntityType type)
    {
        var table = type.GetTableName()!;
        foreach (var key in type.GetKeys())
        {
            key.SetName(key.IsPrimaryKey() ? "pk_" + table : $"ak_{table}_{Columns(key.Properties)}");
        }

        foreach (var foreignKey in type.GetForeignKeys())
        {
            foreignKey.SetConstraintName($"fk_{table}_{Columns(foreignKey.Properties)}");
        }

        foreach (var index in type.GetIndexes())
        {
            index.SetDatabaseName($"ix_{table}_{Columns(index.Properties)}");
        }
    }

    private static string Columns(IEnumerable<IMutableProperty> properties) =>
        string.Join('_', properties.Select(property => property.GetColumnName()));

    private static string Of(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}
