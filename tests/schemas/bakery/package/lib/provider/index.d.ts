import { Construct } from 'constructs';
import * as cdktn from 'cdktn';
export interface BakeryProviderConfig {
    /**
    * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs#street BakeryProvider#street}
    */
    readonly street?: string;
    /**
    * Alias name
    *
    * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs#alias BakeryProvider#alias}
    */
    readonly alias?: string;
    /**
    * owner block
    *
    * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs#owner BakeryProvider#owner}
    */
    readonly owner?: BakeryProviderOwner;
}
export interface BakeryProviderOwner {
    /**
    * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs#name BakeryProvider#name}
    */
    readonly name: string;
    /**
    * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs#phone BakeryProvider#phone}
    */
    readonly phone?: string;
}
export declare function bakeryProviderOwnerToTerraform(struct?: BakeryProviderOwner): any;
export declare function bakeryProviderOwnerToHclTerraform(struct?: BakeryProviderOwner): any;
/**
* Represents a {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs bakery}
*/
export declare class BakeryProvider extends cdktn.TerraformProvider {
    static readonly tfResourceType = "bakery";
    /**
    * Generates CDKTN code for importing a BakeryProvider resource upon running "cdktn plan <stack-name>"
    * @param scope The scope in which to define this construct
    * @param importToId The construct id used in the generated config for the BakeryProvider to import
    * @param importFromId The id of the existing BakeryProvider that should be imported. Refer to the {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs#import import section} in the documentation of this resource for the id to use
    * @param provider? Optional instance of the provider where the BakeryProvider to import is found
    */
    static generateConfigForImport(scope: Construct, importToId: string, importFromId: string, provider?: cdktn.TerraformProvider): cdktn.ImportableResource;
    /**
    * Create a new {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs bakery} Resource
    *
    * @param scope The scope in which to define this construct
    * @param id The scoped construct ID. Must be unique amongst siblings in the same scope
    * @param options BakeryProviderConfig = {}
    */
    constructor(scope: Construct, id: string, config?: BakeryProviderConfig);
    private _street?;
    get street(): string | undefined;
    set street(value: string | undefined);
    resetStreet(): void;
    get streetInput(): string | undefined;
    private _alias?;
    get alias(): string | undefined;
    set alias(value: string | undefined);
    resetAlias(): void;
    get aliasInput(): string | undefined;
    private _owner?;
    get owner(): BakeryProviderOwner | undefined;
    set owner(value: BakeryProviderOwner | undefined);
    resetOwner(): void;
    get ownerInput(): BakeryProviderOwner | undefined;
    protected synthesizeAttributes(): {
        [name: string]: any;
    };
    protected synthesizeHclAttributes(): {
        [name: string]: any;
    };
}
