import { Construct } from 'constructs';
import * as cdktn from 'cdktn';
export interface DataBakeryFlourConfig extends cdktn.TerraformMetaArguments {
    /**
    * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs/data-sources/flour#kind DataBakeryFlour#kind}
    */
    readonly kind: string;
    /**
    * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs/data-sources/flour#id DataBakeryFlour#id}
    *
    * Please be aware that the id field is automatically added to all resources in Terraform providers using a Terraform provider SDK version below 2.
    * If you experience problems setting this value it might not be settable. Please take a look at the provider documentation to ensure it should be settable.
    */
    readonly id?: string;
    /**
    * filter block
    *
    * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs/data-sources/flour#filter DataBakeryFlour#filter}
    */
    readonly filter?: DataBakeryFlourFilter[] | cdktn.IResolvable;
}
export interface DataBakeryFlourFilter {
    /**
    * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs/data-sources/flour#name DataBakeryFlour#name}
    */
    readonly name: string;
    /**
    * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs/data-sources/flour#values DataBakeryFlour#values}
    */
    readonly values: string[];
}
export declare function dataBakeryFlourFilterToTerraform(struct?: DataBakeryFlourFilter | cdktn.IResolvable): any;
export declare function dataBakeryFlourFilterToHclTerraform(struct?: DataBakeryFlourFilter | cdktn.IResolvable): any;
export declare class DataBakeryFlourFilterOutputReference extends cdktn.ComplexObject {
    private isEmptyObject;
    private resolvableValue?;
    /**
    * @param terraformResource The parent resource
    * @param terraformAttribute The attribute on the parent resource this class is referencing
    * @param complexObjectIndex the index of this item in the list
    * @param complexObjectIsFromSet whether the list is wrapping a set (will add tolist() to be able to access an item via an index)
    */
    constructor(terraformResource: cdktn.IInterpolatingParent, terraformAttribute: string, complexObjectIndex: number, complexObjectIsFromSet: boolean);
    get internalValue(): DataBakeryFlourFilter | cdktn.IResolvable | undefined;
    set internalValue(value: DataBakeryFlourFilter | cdktn.IResolvable | undefined);
    private _name?;
    get name(): string;
    set name(value: string);
    get nameInput(): string | undefined;
    private _values?;
    get values(): string[];
    set values(value: string[]);
    get valuesInput(): string[] | undefined;
}
export declare class DataBakeryFlourFilterList extends cdktn.ComplexList {
    internalValue?: DataBakeryFlourFilter[] | cdktn.IResolvable;
    /**
    * @param terraformResource The parent resource
    * @param terraformAttribute The attribute on the parent resource this class is referencing
    * @param wrapsSet whether the list is wrapping a set (will add tolist() to be able to access an item via an index)
    */
    constructor(terraformResource: cdktn.IInterpolatingParent, terraformAttribute: string, wrapsSet: boolean);
    /**
    * @param index the index of the item to return
    */
    get(index: number): DataBakeryFlourFilterOutputReference;
}
/**
* Represents a {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs/data-sources/flour bakery_flour}
*/
export declare class DataBakeryFlour extends cdktn.TerraformDataSource {
    static readonly tfResourceType = "bakery_flour";
    /**
    * Generates CDKTN code for importing a DataBakeryFlour resource upon running "cdktn plan <stack-name>"
    * @param scope The scope in which to define this construct
    * @param importToId The construct id used in the generated config for the DataBakeryFlour to import
    * @param importFromId The id of the existing DataBakeryFlour that should be imported. Refer to the {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs/data-sources/flour#import import section} in the documentation of this resource for the id to use
    * @param provider? Optional instance of the provider where the DataBakeryFlour to import is found
    */
    static generateConfigForImport(scope: Construct, importToId: string, importFromId: string, provider?: cdktn.TerraformProvider): cdktn.ImportableResource;
    /**
    * Create a new {@link https://registry.terraform.io/providers/example/bakery/1.0.0/docs/data-sources/flour bakery_flour} Data Source
    *
    * @param scope The scope in which to define this construct
    * @param id The scoped construct ID. Must be unique amongst siblings in the same scope
    * @param options DataBakeryFlourConfig
    */
    constructor(scope: Construct, id: string, config: DataBakeryFlourConfig);
    private _kind?;
    get kind(): string;
    set kind(value: string);
    get kindInput(): string | undefined;
    private _id?;
    get id(): string;
    set id(value: string);
    resetId(): void;
    get idInput(): string | undefined;
    get grams(): number;
    private _proteins;
    get proteins(): cdktn.StringMap;
    private _filter;
    get filter(): DataBakeryFlourFilterList;
    putFilter(value: DataBakeryFlourFilter[] | cdktn.IResolvable): void;
    resetFilter(): void;
    get filterInput(): cdktn.IResolvable | DataBakeryFlourFilter[] | undefined;
    protected synthesizeAttributes(): {
        [name: string]: any;
    };
    protected synthesizeHclAttributes(): {
        [name: string]: any;
    };
}
